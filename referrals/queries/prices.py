"""Whether the price of a bid that may be awarded looks too low to be right."""

from __future__ import annotations

from uuid import UUID

from dps.money import annual
from referrals.bid_content import BidContent
from referrals.low_price import LowPrice, low_price
from referrals.models import Bid, Referral


def low_price_of(referral: Referral, bid: Bid) -> LowPrice:
    """
    The signs that the bid's price shows among all that are in.

    :raises ValueError: the bid is not scored.
    """
    if bid.annual_price_pence is None:
        raise ValueError("only a scored bid has a price")
    return low_price(
        bid.annual_price_pence,
        of_all=_prices(referral.id),
        core=_core_costs(bid, referral.weeks_per_year or 1),
    )


def _prices(referral_id: UUID) -> list[int]:
    priced = Bid.objects.filter(referral_id=referral_id, annual_price_pence__isnull=False)
    return [price for price in priced.values_list("annual_price_pence", flat=True) if price]


def _core_costs(bid: Bid, weeks: int) -> int:
    """Pence a year of its core lines at the amounts carried from qualification."""
    lines = BidContent.from_json(bid.content).lines
    return sum(annual(line.carried, line.basis, weeks) for line in lines if line.carried)
