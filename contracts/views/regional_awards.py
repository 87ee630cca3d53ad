"""The awards of the whole region, for the central team."""
