"""Next month's scenario, made of this month's and of what has happened since."""
