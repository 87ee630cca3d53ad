"""Working days in England: weekdays but the bank holidays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_MONDAY, _SATURDAY = 0, 5

# Days that a royal proclamation added, or moved from where the rule puts them.
ADDED = frozenset(
    {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)},
)
MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}


def easter(year: int) -> date:
    """Easter Sunday of a year in the Gregorian calendar."""
    golden, century = year % 19, year // 100
    leap_skips = century - century // 4
    moon_shift = (8 * century + 13) // 25
    epact = (leap_skips - moon_shift + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - leap_skips) % 7
    after_march = epact - weekday
    month = 3 + (after_march + 40) // 44
    return date(year, month, after_march + 28 - 31 * (month // 4))


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in a year, substitute days included."""
    sunday = easter(year)
    days = [
        _or_next_weekday(date(year, 1, 1), taken=()),
        sunday - 2 * _DAY,
        sunday + _DAY,
        _first_monday(date(year, 5, 1)),
        _first_monday(date(year, 5, 25)),
        _first_monday(date(year, 8, 25)),
    ]
    christmas = date(year, 12, 25)
    boxing = christmas + _DAY
    # A holiday at a weekend is kept on the next weekday that is not a holiday itself.
    for holiday, other in ((christmas, boxing), (boxing, christmas)):
        days.append(_or_next_weekday(holiday, taken=(*days, other)))
    kept = {MOVED.get(day, day) for day in days}
    return frozenset(kept | {day for day in ADDED if day.year == year})


def is_working_day(day: date, *, closed: Collection[date] = ()) -> bool:
    """Whether it is a weekday, no bank holiday, and none of the further ``closed`` days."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year) and day not in closed


def add_working_days(day: date, count: int, *, closed: Collection[date] = ()) -> date:
    """
    The date that many working days after a day, which is not counted itself.

    :raises ValueError: the count is negative.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    while count:
        day += _DAY
        count -= is_working_day(day, closed=closed)
    return day


def _first_monday(day: date) -> date:
    return day + _DAY * ((_MONDAY - day.weekday()) % 7)


def _or_next_weekday(day: date, *, taken: Collection[date]) -> date:
    if day.weekday() < _SATURDAY:
        return day
    while day.weekday() >= _SATURDAY or day in taken:
        day += _DAY
    return day
