"""Makes every worker know the jobs that this app owes."""

from qualification.services import caps, evaluators, letters, rule_sets, suspending

__all__ = ["caps", "evaluators", "letters", "rule_sets", "suspending"]
