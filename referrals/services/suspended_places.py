"""Officers hear that a place they are deciding about has been suspended (R5)."""

from __future__ import annotations

from datetime import datetime

from dps.actors import Actor
from dps.services.messages import Letter, send
from qualification.models import Suspension
from qualification.services.suspending import when_suspended
from referrals.models import Bid, Referral
from referrals.states import ReferralState

UNDECIDED = (
    ReferralState.RANKED,
    ReferralState.CHOOSING,
    ReferralState.CHOSEN,
    ReferralState.RECOMMENDED,
)
"""The bids are ranked, and nothing is awarded yet: before that they are ranked without it."""


@when_suspended
def tell_of_a_suspended_place(*, suspension: Suspension, actor: Actor, now: datetime) -> None:
    """One message for each referral in which it bid, to the officer who raised it."""
    place = suspension.establishment
    bids = Bid.objects.filter(establishment_id=place.pk, set_aside_reason="")
    open_ones = Referral.objects.filter(
        pk__in=bids.values("referral_id"), state__in=[state.value for state in UNDECIDED]
    )
    for referral in open_ones.order_by("pk"):
        context = {
            "reference": referral.reference,
            "referral_id": str(referral.pk),
            "establishment": place.name,
            "is_with_parent": referral.state == ReferralState.CHOOSING,
        }
        letter = Letter("referrals/place_suspended", referral.raised_by_id, context)
        key = f"place-suspended:{suspension.pk}:{referral.pk}"
        send(letter, key=key, authority_id=referral.authority_id, now=now)
