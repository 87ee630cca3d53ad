"""Whether applications are taken on a day: the market's own dates and its entry windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dps.clock import show_date
from dps.models import EntryWindow, Market


@dataclass(frozen=True, slots=True)
class Entry:
    is_open: bool
    words: str
    """Why not, and when; or until when."""


def entry_on(market: Market, day: date) -> Entry:
    """A market without windows takes applications for as long as it lasts (BC 5.6, 7.20)."""
    if day > market.ends_on:
        return Entry(is_open=False, words=f"{market.name} ended on {show_date(market.ends_on)}")
    if day < market.starts_on:
        return _from(market.starts_on)
    every = list(EntryWindow.objects.filter(market=market).order_by("opens_on"))
    windows = [each for each in every if each.closes_on is None or each.closes_on >= day]
    if not every:
        return Entry(is_open=True, words="")
    for window in windows:
        if window.opens_on <= day:
            until = f"until {show_date(window.closes_on)}" if window.closes_on else ""
            return Entry(is_open=True, words=until)
    if windows:
        return _from(windows[0].opens_on)
    return Entry(is_open=False, words="No applications are taken now. Your answers are kept")


def _from(day: date) -> Entry:
    return Entry(
        is_open=False,
        words=f"Applications can be sent from {show_date(day)}. You can write them until then",
    )
