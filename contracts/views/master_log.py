"""The master log of the central team, as a page and as files."""
