"""
The terms of a placement agreement: price lines with their yearly totals, reviews and notice.

Pure arithmetic on pence and dates (BC 5.6, 8.5).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from dps.money import annual
from referrals.bid_content import BidContent, BidLine
from referrals.scoring_terms import LineKind

FIRST_REVIEW = timedelta(weeks=6)
REVIEW_MONTHS = (6, 12)
NOTICE_WEEKS = 4


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One line of the price: what is charged on its basis, and what that makes in a year."""

    title: str
    amount: int
    basis: str
    year: int


@dataclass(frozen=True, slots=True)
class Price:
    """The whole price in pence; ``discount`` is what the offered percentage takes off a year."""

    core: tuple[PriceRow, ...]
    variable: tuple[PriceRow, ...]
    core_year: int
    variable_year: int
    discount: int
    discount_percent: int
    """Hundredths of a per cent."""
    year: int
    weeks: int


def price_of(content: BidContent, *, weeks: int, year: int) -> Price:
    """
    The price as agreed: each line's year exact, the total as awarded (``year``, pence).

    The discount is the difference, so that the lines add up to the awarded total.

    :raises ValueError: weeks is not 1 to 53.
    """
    core = _rows((line for line in content.lines if line.kind is LineKind.CORE), weeks)
    variable = _rows(content.variable_lines, weeks)
    core_year, variable_year = (sum(row.year for row in rows) for rows in (core, variable))
    return Price(
        core=core,
        variable=variable,
        core_year=core_year,
        variable_year=variable_year,
        discount=core_year + variable_year - year,
        discount_percent=content.discount,
        year=year,
        weeks=weeks,
    )


def _rows(lines: Iterable[BidLine], weeks: int) -> tuple[PriceRow, ...]:
    return tuple(
        PriceRow(line.title, line.amount, line.basis.value, annual(line.amount, line.basis, weeks))
        for line in lines
    )


def start_of(wanted: date | None, possible: date | None, *, agreed: date) -> date:
    """The day on which the placement starts: as wanted, but not before the provider can."""
    return max((day for day in (wanted, possible) if day), default=agreed)


def review_dates(starts_on: date) -> tuple[date, ...]:
    """
    Six weeks after the start, then six months and a year after it.

    None is later than the calendar's last day: a bid may say a start in the year 9999, and its
    agreement has to come before the people who see that.
    """
    return (
        starts_on + min(FIRST_REVIEW, date.max - starts_on),
        *(_months_after(starts_on, months) for months in REVIEW_MONTHS),
    )


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
