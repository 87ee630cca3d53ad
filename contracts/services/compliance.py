"""The annual compliance audit: find, warn, suspend, and lift what was put right (BC 7.21)."""
