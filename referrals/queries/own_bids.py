"""A provider's own bids whose referrals were awarded, as its own letters tell of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from referrals.models import AwardLetter, Bid, BidProgress, Invitation
from referrals.states import ReferralState
from referrals.what_if import LAST, Compared


def last_compared(provider_id: UUID) -> list[Compared]:
    """The last 20, the latest deadline first: three queries.

    Read by the provider's own rights from its own letters and bids: nothing in here says more of a
    competitor than those letters do.
    """
    sent = BidProgress.objects.filter(
        invitation_id=OuterRef("pk"), state=BidProgress.State.SUBMITTED
    )
    rows = Invitation.objects.filter(
        Exists(sent), provider_id=provider_id, referral_state=ReferralState.AWARDED
    ).order_by("-bids_close_at", "-pk")[:LAST]
    invited = dict(rows.values_list("pk", "authority_id"))
    # Each row's authority by name, so that only their partitions are looked into.
    own: dict[str, Any] = {
        "authority_id__in": set(invited.values()),
        "invitation_id__in": list(invited),
    }
    competency = dict(Bid.objects.filter(**own).values_list("invitation_id", "competency"))
    letters = {each.invitation_id: each for each in AwardLetter.objects.filter(**own)}
    return [
        _compared(letters[one].content, competency.get(one) or 0)
        for one in invited
        if one in letters
    ]


def _compared(content: dict[str, Any], competency: int) -> Compared:
    """From the values of a letter (`referrals.services.letters`)."""
    if content["outcome"] == "won":
        return Compared(won=True)
    lines = {line["key"]: line for line in content["lines"]}
    own_total, price = content["own_total"], lines.get("price", {})
    core = lines.get("core_competency", {})
    if own_total is None or not core:
        return Compared(won=False)
    return Compared(
        won=False,
        weight=core["weight"],
        competency=competency,
        total=own_total,
        quality=own_total - (price.get("own") or 0),
        winner_total=content["winner_total"],
        winner_quality=content["winner_total"] - price.get("winner", 0),
        by_choice=content["by_choice"],
    )
