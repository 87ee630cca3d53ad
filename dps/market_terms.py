"""
What may be changed of a market's terms while it lasts, and which days it takes applications.

Pure. Days are in London; a market's last day and a window's last day both count (BC 5.6, 7.20).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dps.clock import show_date
from dps.refusals import Refusal
from dps.regimes import Act, ForbiddenByRegime, Regime

DAY = timedelta(days=1)


class LongerThanPublished(Refusal):
    message = "The market cannot be extended so far"
    field = "ends_on"


class WrongDate(Refusal):
    message = "The market cannot end on that day"
    field = "ends_on"


class WindowsOverlap(Refusal):
    message = "Applications are taken on some of these days already"
    field = "opens_on"


class OutsideMarket(Refusal):
    message = "The window must lie within the market’s own period"
    field = "opens_on"


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which applications are taken; no last day while the market lasts."""

    opens_on: date
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A market's first and last day."""

    starts_on: date
    ends_on: date


def months_between(earlier: date, later: date) -> int:
    """Whole months that an extension takes, a part of one counted as one."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months + (later.day > earlier.day)


def months_of_extension(ends_on: date, later: date, *, left: int) -> int:
    """
    The months that an extension uses of those its notice published (BC 5.6).

    :raises WrongDate: it is no later than the market ends now.
    :raises LongerThanPublished: it takes more months than are left.
    """
    if later <= ends_on:
        raise WrongDate("To extend the market, enter a day after the one on which it ends now")
    used = months_between(ends_on, later)
    if used > left:
        published = f"{left} more month{'' if left == 1 else 's'}" if left else "no extension"
        raise LongerThanPublished(f"The market’s notice allows {published}")
    return used


def closed_days(windows: Iterable[Window], period: Period) -> tuple[Window, ...]:
    """Each stretch of the period on which no application is taken; without windows, none."""
    known = sorted(windows, key=lambda each: each.opens_on)
    return tuple(_gaps(known, period)) if known else ()


def _gaps(windows: list[Window], period: Period) -> Iterator[Window]:
    reached = period.starts_on
    for window in windows:
        if window.opens_on > reached:
            yield Window(reached, window.opens_on - DAY)
        if window.closes_on is None:
            return
        reached = max(reached, window.closes_on + DAY)
    if reached <= period.ends_on:
        yield Window(reached, period.ends_on)


def refuse_unless_possible(windows: Iterable[Window], period: Period) -> None:
    """
    Let windows pass that follow each other inside the market's period.

    :raises WindowsOverlap: two of them share a day.
    :raises OutsideMarket: one begins before the market, or ends after it.
    """
    known = sorted(windows, key=lambda each: each.opens_on)
    for window in known:
        last = window.closes_on or period.ends_on
        if window.opens_on < period.starts_on or last > period.ends_on or last < window.opens_on:
            days = f"{show_date(period.starts_on)} to {show_date(period.ends_on)}"
            raise OutsideMarket(f"The market lasts from {days}. Choose days within it")
    for first, following in itertools.pairwise(known):
        if first.closes_on is None or following.opens_on <= first.closes_on:
            raise WindowsOverlap


def refuse_unless_entry_may_close(
    regime: Regime, before: Iterable[Window], after: Iterable[Window], period: Period
) -> None:
    """
    Let a change of windows pass unless it closes days that the regime keeps open (G5).

    Days before a market's first window are no closing: it has not opened yet.

    :raises ForbiddenByRegime: it does.
    """
    if regime.allows(Act.CLOSE_ENTRY):
        return
    after = list(after)
    opened = min((each.opens_on for each in after), default=period.starts_on)
    closed = [gap for gap in closed_days(after, period) if gap.opens_on >= opened]
    was_closed = set(closed_days(before, period))
    new = [gap for gap in closed if gap not in was_closed]
    if new:
        gap = new[0]
        until = show_date(gap.closes_on) if gap.closes_on else show_date(period.ends_on)
        raise ForbiddenByRegime(
            f"{regime.forbidden[Act.CLOSE_ENTRY]}. Nobody could apply from"
            f" {show_date(gap.opens_on)} to {until}",
            field="closes_on",
        )
