"""What an establishment must keep up to stay qualified, and when a warning is due (BC 7.21)."""

from contracts.compliance.findings import Facts, Failure, Inspected, Item, failures
from contracts.compliance.insurance import (
    INSURANCES,
    WARN_DAYS,
    Certificate,
    Wanted,
    Warn,
    covered_by,
    or_more,
    warnings_due,
)
from contracts.compliance.planning import Found, Plan, plan

__all__ = [
    "INSURANCES",
    "WARN_DAYS",
    "Certificate",
    "Facts",
    "Failure",
    "Found",
    "Inspected",
    "Item",
    "Plan",
    "Wanted",
    "Warn",
    "covered_by",
    "failures",
    "or_more",
    "plan",
    "warnings_due",
]
