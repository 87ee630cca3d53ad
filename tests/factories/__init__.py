"""The smallest valid rows. Whatever matters to a test is spelled in the test."""
