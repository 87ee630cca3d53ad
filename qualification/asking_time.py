"""Until when providers may ask about joining, and about which entry window (BC 7.20, 13.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

MOST_WORDS = 300
"""Of a question; of its answer twice as many."""


@dataclass(frozen=True, slots=True)
class AskingWindow:
    """An entry window: its days for applications, and its own last day for questions."""

    id: UUID
    opens_on: date
    closes_on: date | None
    questions_until: date | None


@dataclass(frozen=True, slots=True)
class Asking:
    """About which window is asked (None: the market itself), and the last day for questions."""

    window_id: UUID | None
    last_day: date

    def is_open(self, day: date) -> bool:
        """The last day itself counts."""
        return day <= self.last_day


def asking_on(windows: Iterable[AskingWindow], *, market_ends: date, day: date) -> Asking:
    """What questions are about on a day: the first window to which they are still taken.

    A window without a day for questions takes them for as long as it takes applications, and a
    market without windows for as long as it lasts. If none takes them, the latest one says why.
    """
    found = sorted(
        (Asking(each.id, _last_day(each, market_ends)) for each in windows),
        key=lambda each: each.last_day,
    )
    if not found:
        return Asking(None, market_ends)
    return next((each for each in found if each.is_open(day)), found[-1])


def _last_day(window: AskingWindow, market_ends: date) -> date:
    return min(window.questions_until or window.closes_on or market_ends, market_ends)
