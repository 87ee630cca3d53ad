"""What core costs add up to in a year and in a week. Pure arithmetic on pence (BC 7.4)."""

from __future__ import annotations

from collections.abc import Iterable
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


def totals(entries: Iterable[CostEntry], *, weeks: int) -> Totals:
    """
    Yearly total, exact, and the weekly one, half up to a penny (BC 7.4, 8.5).

    :raises ValueError: weeks is not 1 to 53.
    """
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
