"""Which version of the contract terms holds, which ones are to be accepted, and by when."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

DAYS_FOR_NEWCOMERS = 28
"""Who joins the list later has at least so many days from then on."""
REMINDERS = (timedelta(days=-14), timedelta(days=-3), timedelta(days=1))
"""When those who have not accepted are reminded, from the last day on which they may."""


class Version(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def from_date(self) -> date: ...


V = TypeVar("V", bound=Version)


class Standing(enum.StrEnum):
    """How one provider stands towards one version."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    OVERDUE = "overdue"


def in_force(versions: Iterable[V], day: date) -> V | None:
    """The one that holds on a day: the last whose first day has come (BC 9.3)."""
    started = [each for each in versions if each.from_date <= day]
    return max(started, key=lambda each: each.number, default=None)


def live(versions: Iterable[V], day: date) -> list[V]:
    """The one in force and those still to come, in their order: what can be accepted (BC 9.3)."""
    every = sorted(versions, key=lambda each: each.number)
    holds = in_force(every, day)
    return [each for each in every if holds is None or each.number >= holds.number]


def due_on(accept_by: date, listed_on: date) -> date:
    """The last day on which a provider may accept; newcomers have 28 days (BC 9.3)."""
    return max(accept_by, listed_on + timedelta(days=DAYS_FOR_NEWCOMERS))


def reminder_days(due: date) -> list[date]:
    """14 and 3 days before the last day, and the day after it."""
    return [due + each for each in REMINDERS]


def standing(*, has_accepted: bool, due: date, day: date) -> Standing:
    """Overdue from the day after the last one; nothing follows from it by itself (BC 9.3)."""
    if has_accepted:
        return Standing.ACCEPTED
    return Standing.OVERDUE if day > due else Standing.WAITING
