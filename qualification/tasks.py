"""Makes every worker know the jobs that this app owes."""

from qualification.services import letters, rule_sets, suspending

__all__ = ["letters", "rule_sets", "suspending"]
