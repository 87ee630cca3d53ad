"""The compliance page of the central team."""
