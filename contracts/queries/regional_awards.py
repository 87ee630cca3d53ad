"""The approved awards of the whole region, one authority after the other (BC 10.1)."""
