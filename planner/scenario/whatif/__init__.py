"""A what-if becomes a whole scenario: its base, and the four verbs that say what differs."""
