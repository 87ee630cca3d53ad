"""What an establishment must keep up to stay qualified, and when a warning is due (BC 7.21)."""

from contracts.compliance.findings import Facts, Failure, Inspected, Item, failures
from contracts.compliance.insurance import (
    LEAST_SUM_PENCE,
    WARN_DAYS,
    Certificate,
    Warn,
    covered_by,
    warnings_due,
)
from contracts.compliance.planning import Found, Plan, plan

__all__ = [
    "LEAST_SUM_PENCE",
    "WARN_DAYS",
    "Certificate",
    "Facts",
    "Failure",
    "Found",
    "Inspected",
    "Item",
    "Plan",
    "Warn",
    "covered_by",
    "failures",
    "plan",
    "warnings_due",
]
