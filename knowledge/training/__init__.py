"""Makes the constants of ranking and confidence; not needed to answer."""
