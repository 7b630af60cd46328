"""Makes the reference pages, a module each."""
