"""What core costs add up to in a year and in a week. Pure arithmetic on pence (BC 7.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dps.hundredths import half_up
from dps.money import Basis, annual

SCHOOL_WEEKS = 38
"""The 190 days that schools are open."""
ALL_WEEKS = 52


@dataclass(frozen=True, slots=True)
class CostEntry:
    """What a provider says that one head of the schedule costs for one child."""

    code: str
    amount_pence: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Totals:
    """Pence in a year of so many weeks, and in one of those weeks."""

    weeks: int
    year_pence: int
    week_pence: int


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
