"""Makes every worker know the jobs that this app owes."""

from qualification.services import letters, suspending

__all__ = ["letters", "suspending"]
