"""Nothing is owed by the directory itself; workers look for this module in every app."""
