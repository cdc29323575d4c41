"""Makes the constants of `handlers.kinds` from hand-written messages; not needed to answer."""
