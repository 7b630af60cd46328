"""Sales and operations planning."""
