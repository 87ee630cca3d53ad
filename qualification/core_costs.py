"""What core costs add up to in a year and in a week. Pure arithmetic on pence (BC 7.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from dps.hundredths import half_up
from dps.money import Basis, annual

SCHOOL_WEEKS = 38
"""The 190 days that schools are open."""
ALL_WEEKS = 52
WHOLE = 10_000
"""Hundredths of a percent in a whole."""


class Driver(StrEnum):
    """What moves a cost most, for the annual review of fees."""

    PAY = "pay"
    PREMISES = "premises"
    ENERGY = "energy"
    TRANSPORT = "transport"
    FOOD = "food"
    OTHER = "other"


class Stay(StrEnum):
    """A residential schedule: each stands by itself, and no place costs two of them (BC 7.4)."""

    TERMS = "terms"
    ALL_YEAR = "all_year"


WEEKS_OF_STAY = {Stay.TERMS: SCHOOL_WEEKS, Stay.ALL_YEAR: ALL_WEEKS}
ALL_YEAR_FROM = 42
"""Weeks a year from which on a place is an all-year one."""


@dataclass(frozen=True, slots=True)
class CostEntry:
    """
    What a provider says that one head of the schedule costs for one child.

    Without a driver it gets the usual one of its head.
    """

    code: str
    amount_pence: int
    basis: Basis
    driver: Driver | None = None
    stay: Stay | None = None
    """Of which residential schedule it is a line; None for what every place costs."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Pence in a year of so many weeks, and in one of those weeks."""

    weeks: int
    year_pence: int
    week_pence: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one driver costs in a year, and its part of all in hundredths of a percent."""

    driver: Driver
    year_pence: int
    part: int


def weeks_of(*, is_residential: bool) -> int:
    """The weeks a year for which totals are shown before any referral says its own."""
    return ALL_WEEKS if is_residential else SCHOOL_WEEKS


@dataclass(frozen=True, slots=True)
class Way:
    """What a place costs in one residential schedule; None where there is only one way."""

    stay: Stay | None
    entries: tuple[CostEntry, ...]
    totals: Totals


def ways(entries: Iterable[CostEntry], *, weeks: int) -> tuple[Way, ...]:
    """
    What a place costs in each residential schedule that is filled, the dearest first (BC 7.4).

    Each is the common lines with its own, in a year of its own weeks; they are never added to
    each other. Where none is filled, all lines in a year of so many weeks.

    :raises ValueError: weeks is not 1 to 53.
    """
    given = tuple(entries)
    filled = [stay for stay in Stay if any(each.stay == stay for each in given)]
    if not filled:
        return (Way(None, given, _added(given, weeks)),)
    found = []
    for stay in filled:
        mine = of_stay(given, stay)
        found.append(Way(stay, mine, _added(mine, WEEKS_OF_STAY[stay])))
    return tuple(sorted(found, key=lambda each: -each.totals.year_pence))


def of_stay(entries: Iterable[CostEntry], stay: Stay) -> tuple[CostEntry, ...]:
    """The lines that a place of one residential schedule costs."""
    return tuple(each for each in entries if each.stay in (None, stay))


def stay_for(filled: Collection[Stay], weeks: int) -> Stay | None:
    """Which of the schedules that are filled a place of so many weeks a year falls under."""
    wanted = Stay.ALL_YEAR if weeks >= ALL_YEAR_FROM else Stay.TERMS
    return wanted if wanted in filled else next(iter(filled), None)


def totals(entries: Iterable[CostEntry], *, weeks: int) -> Totals:
    """
    Yearly total, exact, and the weekly one, half up to a penny (BC 7.4, 8.5).

    Of several residential schedules the dearest, which is the one that a cap has to allow.

    :raises ValueError: weeks is not 1 to 53.
    """
    return ways(entries, weeks=weeks)[0].totals


def _added(entries: Iterable[CostEntry], weeks: int) -> Totals:
    year = sum(annual(each.amount_pence, Basis(each.basis), weeks) for each in entries)
    return Totals(weeks=weeks, year_pence=year, week_pence=half_up(year, weeks))


def shares(entries: Iterable[CostEntry], *, weeks: int) -> tuple[Share, ...]:
    """
    What each driver costs in a year, the dearest first; those that cost nothing are left out.

    Each part is rounded half up by itself, so that together they may differ from a whole.
    """
    by_driver = dict.fromkeys(Driver, 0)
    for each in entries:
        year = annual(each.amount_pence, Basis(each.basis), weeks)
        by_driver[each.driver or Driver.OTHER] += year
    whole = sum(by_driver.values())
    found = [
        Share(driver, year, half_up(year * WHOLE, whole))
        for driver, year in by_driver.items()
        if year
    ]
    return tuple(sorted(found, key=lambda each: -each.year_pence))
