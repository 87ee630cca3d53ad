"""The master log."""
