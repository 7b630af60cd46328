"""How a file writes numbers, days and periods is found from all its cells, and said; nothing is guessed."""
