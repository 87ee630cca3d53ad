"""Makes every worker know the jobs that this app owes."""

from qualification.services import (
    caps,
    evaluators,
    letters,
    review_letters,
    rule_sets,
    suspending,
)

__all__ = [
    "caps",
    "evaluators",
    "letters",
    "review_letters",
    "rule_sets",
    "suspending",
]
