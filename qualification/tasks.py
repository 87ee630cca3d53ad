"""Makes every worker know the jobs that this app owes."""

from qualification.services import (
    caps,
    clarifying,
    evaluators,
    letters,
    review_letters,
    rule_sets,
    sending_terms,
    suspending,
)

__all__ = [
    "caps",
    "clarifying",
    "evaluators",
    "letters",
    "review_letters",
    "rule_sets",
    "sending_terms",
    "suspending",
]
