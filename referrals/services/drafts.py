"""A referral that is still being written."""

from __future__ import annotations

from uuid import UUID

from dps.refusals import Refusal
from referrals.models import Referral
from referrals.services.stages import locked
from referrals.states import ReferralState


class AlreadyIssued(Refusal):
    message = "This referral has been sent to providers, so it can no longer be changed"


def draft_for_change(referral_id: UUID) -> Referral:
    """The draft, locked.

    :raises Referral.DoesNotExist: there is none for this actor.
    :raises AlreadyIssued: it is no draft any more.
    """
    referral = locked(referral_id)
    if referral.state != ReferralState.DRAFT:
        raise AlreadyIssued
    return referral
