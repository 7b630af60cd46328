"""Results as people read them in a terminal: a module for each kind of result."""
