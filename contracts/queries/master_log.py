"""The master log: every establishment that is or was qualified (BC 10.1)."""
