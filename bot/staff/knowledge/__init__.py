"""The pages on which the knowledge is searched, written, approved and published."""
