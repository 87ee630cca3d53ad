"""What the standing page of a provider says of its bids: how many more a higher score would win."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dps.actors import Actor
from dps.hundredths import show_hundredths
from referrals.queries.own_bids import last_compared
from referrals.what_if import FEWEST_LOST, WhatIf, what_if

HEAD = (
    "Your qualification score",
    {"text": "Lost bids that would have come first", "numeric": True},
)


def sections(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """One section, about all that the provider runs."""
    if actor.provider_id is None:
        return []
    found = what_if(last_compared(actor.provider_id))
    return [
        {
            "template": "referrals/parts/what_if.html",
            "found": found,
            "fewest": FEWEST_LOST,
            "headline": headline(found),
            "head": HEAD,
            "rows": [
                [f"{show_hundredths(each.more)} points higher", str(each.number)]
                for each in found.steps
            ],
        }
    ]


def headline(found: WhatIf) -> str:
    """The sentence for the first step; "" where nothing is told."""
    if not found.steps:
        return ""
    number, bids = found.steps[0].number, found.bids
    which = f"{number} of your last {bids} bids" if number else f"none of your last {bids} bids"
    return f"With 5 points more in your qualification score you would have won {which} besides."
