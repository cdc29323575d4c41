"""Plans of departments: read from what they really write, kept as tasks in a calendar, closed with evidence."""
