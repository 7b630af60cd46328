"""How good past forecasts were, made again from what was known at the time."""
