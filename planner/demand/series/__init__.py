"""Statistics of many series at once. Nothing here knows a table of the scenario."""
