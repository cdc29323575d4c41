"""What the office knows, and how to find it."""
