"""
What a higher qualification score would have changed in bids that were lost (Q14). Pure.

Told from what the provider's own letters say: its points and the successful bid's. All figures are
hundredths of a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dps.hundredths import half_up

FULL = 100_00
STEP = 5_00
STEPS = (1, 2, 3, 4)
LAST = 20
"""So many of the provider's last bids are looked at."""
FEWEST_LOST = 5
"""With fewer lost bids nothing is said: a count of one or two would point at one competitor."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One bid whose referral was awarded, beside the bid that won; the winner's own has `won`.

    `weight` is what the qualification score weighs in the referral, `competency` the score itself.
    """

    won: bool
    weight: int = 0
    competency: int = 0
    total: int = 0
    quality: int = 0
    winner_total: int = 0
    winner_quality: int = 0
    by_choice: bool = False
    """A parent chose the winner among bids that were nearly equal: points did not decide."""


@dataclass(frozen=True, slots=True)
class More:
    """With so much more in the qualification score, so many of the lost bids would have led."""

    more: int
    number: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is told; `steps` is empty where too few bids were lost to tell anything."""

    bids: int
    lost: int
    steps: tuple[More, ...] = ()


def what_if(bids: Sequence[Compared]) -> WhatIf:
    """Of the last bids, the newest first, how many more would have led with 5, 10, 15, 20 points.

    A bid that was set aside, or lost to a parent's choice, is not made to lead by points.
    """
    last = bids[:LAST]
    lost = [each for each in last if not each.won]
    if len(lost) < FEWEST_LOST:
        return WhatIf(len(last), len(lost))
    steps = tuple(More(step * STEP, leading(lost, step * STEP)) for step in STEPS)
    return WhatIf(len(last), len(lost), steps)


def leading(lost: Iterable[Compared], more: int) -> int:
    """How many would have more points than the bid that won, or as many with higher quality."""
    return sum(would_lead(each, more) for each in lost)


def would_lead(bid: Compared, more: int) -> bool:
    """Whether the bid would come before the winner's with a score higher by so much, at most 100.

    The points of the score are rounded as scoring does it: weight x score ÷ 100, half up. Where
    points and quality are both equal the price decides, which the loser is not told: not counted.
    """
    if bid.by_choice or not bid.weight:
        return False
    gain = _points(bid, min(FULL, bid.competency + more)) - _points(bid, bid.competency)
    mine = (bid.total + gain, bid.quality + gain)
    return mine > (bid.winner_total, bid.winner_quality)


def _points(bid: Compared, competency: int) -> int:
    return half_up(bid.weight * competency, FULL)
