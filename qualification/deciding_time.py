"""By when an application is decided, in working days of England."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dps.clock import london
from dps.working_days import add_working_days, is_working_day

DECIDED_WITHIN = 15
"""Working days: the 10 of the regime, which may be 15 where statements are graded (rules.md 2)."""

_DAY = timedelta(days=1)


def decision_due(submitted_at: datetime) -> date:
    """The last London day for the decision; the day of submission does not count."""
    return add_working_days(london(submitted_at).date(), DECIDED_WITHIN)


def working_days_left(due: date, today: date) -> int:
    """Working days after today up to and with the due day; negative for those since it."""
    if today <= due:
        return _working_days_between(today, due)
    return -_working_days_between(due, today)


def _working_days_between(after: date, until: date) -> int:
    days = range((until - after).days)
    return sum(is_working_day(after + (number + 1) * _DAY) for number in days)
