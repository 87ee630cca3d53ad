"""Which insurance an establishment must hold, whether it does, and when it is warned (BC 7.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from dps.clock import show_date

LEAST_SUM_PENCE = 10_000_000_00
WARN_DAYS = (60, 30, 7)
"""So many days before the last day of cover, or the first day after that on which an audit runs."""
NAMES = {
    "public_liability": "public liability insurance",
    "employers_liability": "employers’ liability insurance",
}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, valid from its first day to its last, both included."""

    id: UUID
    kind: str
    issued_on: date
    expires_on: date
    sum_insured_pence: int | None
    is_for_all: bool = False
    """It covers every establishment that the provider runs."""

    @property
    def is_enough(self) -> bool:
        return (self.sum_insured_pence or 0) >= LEAST_SUM_PENCE

    def is_valid(self, on: date) -> bool:
        return self.issued_on <= on <= self.expires_on


@dataclass(frozen=True, slots=True)
class Warn:
    """The warning of so many days is due for this certificate."""

    certificate: Certificate
    days: int


def covered_by(certificates: Collection[Certificate], kind: str, on: date) -> Certificate | None:
    """The certificate with which the cover of a day ends, next year's included if none is missing.

    None if there is no cover of £10 million on that day.
    """
    enough = [each for each in certificates if each.kind == kind and each.is_enough]
    last = _longest([each for each in enough if each.is_valid(on)])
    while last is not None:
        onward = [each for each in enough if each.is_valid(last.expires_on + DAY)]
        following = _longest(onward)
        if following is None:
            return last
        last = following
    return None


def lapses(certificates: Collection[Certificate], on: date) -> tuple[str, ...]:
    """Each kind that is not covered on a day, as a sentence; empty if all are."""
    return tuple(
        _lapse([each for each in certificates if each.kind == kind], kind, on)
        for kind in NAMES
        if covered_by(certificates, kind, on) is None
    )


def warnings_due(
    certificates: Collection[Certificate], warned: Mapping[UUID, Collection[int]], on: date
) -> Iterator[Warn]:
    """What the provider is to be told of today: the nearest warning only, each once.

    `warned` are the days of the warnings that were sent, by certificate.
    """
    for kind in NAMES:
        last = covered_by(certificates, kind, on)
        if last is None:
            continue
        left = (last.expires_on - on).days
        reached = [days for days in WARN_DAYS if left <= days]
        if reached and min(reached) not in warned.get(last.id, ()):
            yield Warn(last, min(reached))


def _longest(certificates: Collection[Certificate]) -> Certificate | None:
    return max(certificates, key=lambda each: (each.expires_on, each.id), default=None)


def _lapse(held: Collection[Certificate], kind: str, on: date) -> str:
    name = NAMES[kind]
    if any(each.is_valid(on) for each in held):
        return f"Its {name} is for less than £10 million."
    expired = _longest([each for each in held if each.expires_on < on])
    if expired is not None:
        return f"Its {name} expired on {show_date(expired.expires_on)}."
    if held:
        return f"Its {name} starts only on {show_date(min(each.issued_on for each in held))}."
    return f"No certificate of {name} is on record."
