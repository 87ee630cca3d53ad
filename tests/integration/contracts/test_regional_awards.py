"""The awards of the region."""
