"""Moving a referral to its next stage."""

from __future__ import annotations

from uuid import UUID

from referrals.models import Invitation, Referral
from referrals.states import REFERRAL, ReferralState, ReferralStep


def locked(referral_id: UUID) -> Referral:
    """The referral, locked: the first query of every step, since two people may press at once.

    :raises Referral.DoesNotExist: there is none for this actor.
    """
    return Referral.objects.select_for_update().get(id=referral_id)


def refuse_unless_possible(referral: Referral, step: ReferralStep) -> None:
    """:raises IllegalTransition: the step does not lead on from the referral's stage."""
    REFERRAL.after(ReferralState(referral.state), step)


def move(referral: Referral, step: ReferralStep, *fields: str) -> None:
    """
    Take a step; `fields` are saved with the stage, which the invitations carry for lists.

    :raises IllegalTransition: the step does not lead on from the referral's stage.
    """
    referral.state = REFERRAL.after(ReferralState(referral.state), step)
    referral.save(update_fields=["state", *fields])
    invitations = Invitation.objects.filter(referral_id=referral.id)
    invitations.update(referral_state=referral.state)
