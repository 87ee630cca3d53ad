"""Awards, recommended, returned and approved, and what bidders were told."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from referrals.models import Award, AwardLetter, Bid


def award_to_decide(referral_id: UUID) -> Award | None:
    """The award that waits for its second person."""
    return _awards(referral_id).filter(state=Award.State.RECOMMENDED).first()


def approved_award(referral_id: UUID) -> Award | None:
    return _awards(referral_id).filter(state=Award.State.APPROVED).first()


def returned_award(referral_id: UUID) -> Award | None:
    """The last award that an approver returned, with the reason."""
    returned = _awards(referral_id).filter(state=Award.State.RETURNED)
    return returned.order_by("-decided_at").first()


def first_ranked(referral_id: UUID) -> Bid | None:
    return _bids(referral_id).filter(rank=1).first()


def ranked_bid(referral_id: UUID, bid_id: UUID) -> Bid:
    """A bid that is in the ranking.

    :raises Bid.DoesNotExist: it is not.
    """
    return _bids(referral_id).get(id=bid_id, rank__isnull=False)


def letter_for(authority_id: int, invitation_id: UUID) -> AwardLetter | None:
    """A bidder's own letter, found across authorities."""
    letters = AwardLetter.objects.of(authority_id).filter(invitation_id=invitation_id)
    return letters.first()


def _awards(referral_id: UUID) -> QuerySet[Award]:
    return Award.objects.filter(referral_id=referral_id).select_related(
        "establishment", "provider", "recommended_by", "decided_by"
    )


def _bids(referral_id: UUID) -> QuerySet[Bid]:
    return Bid.objects.filter(referral_id=referral_id).select_related("establishment", "provider")
