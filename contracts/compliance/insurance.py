"""Whether an establishment holds the insurance asked of it, and when it is warned (BC 7.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from dps import money
from dps.clock import show_date
from providers.evidence_kinds import BY_CODE

INSURANCES = tuple(code for code, kind in BY_CODE.items() if kind.is_insurance)
"""Every kind that a category can ask for, in the order in which they are told."""
WARN_DAYS = (60, 30, 7)
"""So many days before the last day of cover, or the first day after that on which an audit runs."""
MILLION = 1_000_000_00
DAY = timedelta(days=1)
Wanted = Mapping[str, int]
"""By kind the least sum insured in pence, 0 where any will do; what is not in it is not asked."""


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

    def is_enough(self, least_pence: int) -> bool:
        return (self.sum_insured_pence or 0) >= least_pence

    def is_valid(self, on: date) -> bool:
        return self.issued_on <= on <= self.expires_on


@dataclass(frozen=True, slots=True)
class Warn:
    """The warning of so many days is due for this certificate, which is for the least sum asked."""

    certificate: Certificate
    days: int
    least_pence: int


@dataclass(frozen=True, slots=True)
class Lapse:
    """A kind that is not covered, in a sentence, and the least sum that would be."""

    kind: str
    words: str
    least_pence: int

    @property
    def certificate(self) -> str:
        """The certificate that is missing: "certificate of £10 million or more"."""
        return f"certificate{_of(self.least_pence)}"


def name_of(kind: str) -> str:
    """Inside a sentence: "public liability insurance"."""
    return BY_CODE[kind].name_inside


def sum_words(pence: int) -> str:
    """A sum as people say it: "£10 million"."""
    if pence >= MILLION and pence % MILLION == 0:
        return f"£{pence // MILLION:,} million"
    return money.show(pence)


def or_more(least_pence: int) -> str:
    """ "£10 million or more"; empty where any sum will do."""
    return f"{sum_words(least_pence)} or more" if least_pence else ""


def covered_by(
    certificates: Collection[Certificate], kind: str, least_pence: int, on: date
) -> Certificate | None:
    """The certificate with which the cover of a day ends, next year's included if none is missing.

    None if there is no cover of the least sum on that day.
    """
    enough = [each for each in certificates if each.kind == kind and each.is_enough(least_pence)]
    last = _longest([each for each in enough if each.is_valid(on)])
    while last is not None:
        onward = [each for each in enough if each.is_valid(last.expires_on + DAY)]
        following = _longest(onward)
        if following is None:
            return last
        last = following
    return None


def lapses(certificates: Collection[Certificate], wanted: Wanted, on: date) -> tuple[Lapse, ...]:
    """Each kind asked for that is not covered on a day, in one order; empty if all are."""
    found = []
    for kind, least in _in_order(wanted):
        if covered_by(certificates, kind, least, on) is None:
            held = [each for each in certificates if each.kind == kind]
            found.append(Lapse(kind, _lapse(held, kind, least, on), least))
    return tuple(found)


def how_to_put_right(lapsed: Collection[Lapse]) -> str:
    """What to add, in one sentence: each with its own sum where those differ."""
    where = "on the establishment’s page"
    certificates = {each.certificate for each in lapsed}
    if len(certificates) == 1:
        return f"Add a valid {certificates.pop()} {where}."
    each_of = " and ".join(f"{name_of(each.kind)}{_of(each.least_pence)}" for each in lapsed)
    return f"Add valid certificates {where}: {each_of}."


def warnings_due(
    certificates: Collection[Certificate],
    wanted: Wanted,
    warned: Mapping[UUID, Collection[int]],
    on: date,
) -> Iterator[Warn]:
    """What the provider is to be told of today: the nearest warning only, each once.

    `warned` are the days of the warnings that were sent, by certificate.
    """
    for kind, least in _in_order(wanted):
        last = covered_by(certificates, kind, least, on)
        if last is None:
            continue
        left = (last.expires_on - on).days
        reached = [days for days in WARN_DAYS if left <= days]
        if reached and min(reached) not in warned.get(last.id, ()):
            yield Warn(last, min(reached), least)


def _in_order(wanted: Wanted) -> Iterator[tuple[str, int]]:
    return ((kind, wanted[kind]) for kind in INSURANCES if kind in wanted)


def _longest(certificates: Collection[Certificate]) -> Certificate | None:
    return max(certificates, key=lambda each: (each.expires_on, each.id), default=None)


def _of(least_pence: int) -> str:
    return f" of {or_more(least_pence)}" if least_pence else ""


def _lapse(held: Collection[Certificate], kind: str, least_pence: int, on: date) -> str:
    name = name_of(kind)
    if any(each.is_valid(on) for each in held):
        return f"Its {name} is for less than {sum_words(least_pence)}."
    expired = _longest([each for each in held if each.expires_on < on])
    if expired is not None:
        return f"Its {name} expired on {show_date(expired.expires_on)}."
    if held:
        return f"Its {name} starts only on {show_date(min(each.issued_on for each in held))}."
    return f"No certificate of {name} is on record."
