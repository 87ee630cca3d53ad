"""The compliance audit."""
