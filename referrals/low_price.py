"""
A price that looks too low to be right: a question to ask, never a rule of exclusion.

Regulation 69 of the Public Contracts Regulations 2015 has a buyer ask for an explanation of such a
price before a bid can be rejected for it; section 19 of the Procurement Act 2023 is where that act
deals with it. Light touch services are bound less tightly; asking is fair in any case. Which price
is so low the law does not say: the two signs below are this service's own, and change no ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_BIDS = 3
"""Of two bids neither says which of them is the odd one."""


@dataclass(frozen=True, slots=True)
class LowPrice:
    """Which signs a price shows."""

    below_bids: bool
    """It is under half of the middle price of the bids that are in."""
    below_costs: bool
    """It is under half of the establishment's own core costs as carried from qualification."""

    def __bool__(self) -> bool:
        return self.below_bids or self.below_costs


def low_price(price: int, *, of_all: Sequence[int], core: int) -> LowPrice:
    """
    The signs of a price in pence a year, among all that are in (its own too), exactly.

    ``core`` is the pence a year of the core costs as carried; 0 if none are. Exactly half is no
    sign. The middle of an even number of prices is the mean of the two in the middle.
    """
    return LowPrice(
        below_bids=len(of_all) >= FEWEST_BIDS and 4 * price < _twice_the_middle(of_all),
        below_costs=2 * price < core,
    )


def _twice_the_middle(prices: Sequence[int]) -> int:
    """Twice, so that the mean of two whole numbers stays whole."""
    ordered = sorted(prices)
    half = len(ordered) // 2
    return ordered[half] + ordered[-half - 1]
