"""Declining an invitation with a reason, and taking that back (R6, BC 3.14)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from referrals.models import Invitation
from referrals.queries.invitations import is_open, standing
from referrals.services.bidding import BiddingClosed, hold_invitation

LONGEST_NOTE = 500


class AlreadyDeclined(Refusal):
    message = "This invitation has been declined already"


class NotDeclined(Refusal):
    message = "This invitation has not been declined"


class WithdrawTheBidFirst(Refusal):
    message = "You have submitted a bid. Withdraw it before you decline"


class NotAReason(NotUnderstood):
    message = "Select why you decline"


@transaction.atomic
def decline(
    *, invitation_id: UUID, reason: str, note: str, actor: Actor, now: datetime
) -> Invitation:
    """Say no, with the reason; the authority sees it at once.

    :raises NotPermitted: the actor may not decline.
    :raises NotAReason: the reason is not one of the list, or the note is too long.
    :raises BiddingClosed: there is nothing left to decline.
    :raises AlreadyDeclined, WithdrawTheBidFirst: it has been answered.
    """
    require(actor, Action.DECLINE_INVITATION)
    invitation = hold_invitation(invitation_id, actor)
    if reason not in Invitation.DeclineReason.values:
        raise NotAReason(field="reason")
    if len(note) > LONGEST_NOTE:
        raise NotAReason(f"Write {LONGEST_NOTE} characters or fewer", field="note")
    if not is_open(invitation, now):
        raise BiddingClosed("Bidding has closed, so there is nothing to decline any more")
    if invitation.declined_at is not None:
        raise AlreadyDeclined
    if standing(invitation) is not None:
        raise WithdrawTheBidFirst

    invitation.declined_at, invitation.decline_reason = now, reason
    invitation.decline_note = note.strip()
    invitation.save(update_fields=["declined_at", "decline_reason", "decline_note"])
    _record("invitation.declined", invitation, actor, now, reason=reason)
    return invitation


@transaction.atomic
def take_back_decline(*, invitation_id: UUID, actor: Actor, now: datetime) -> Invitation:
    """Make it possible to bid after all.

    :raises NotPermitted: the actor may not decline, nor take it back.
    :raises BiddingClosed: it is too late to bid.
    :raises NotDeclined: there is nothing to take back.
    """
    require(actor, Action.DECLINE_INVITATION)
    invitation = hold_invitation(invitation_id, actor)
    if not is_open(invitation, now):
        raise BiddingClosed
    if invitation.declined_at is None:
        raise NotDeclined

    invitation.declined_at, invitation.decline_reason, invitation.decline_note = None, "", ""
    invitation.save(update_fields=["declined_at", "decline_reason", "decline_note"])
    _record("invitation.decline_taken_back", invitation, actor, now)
    return invitation


def _record(
    verb: str, invitation: Invitation, actor: Actor, now: datetime, **facts: object
) -> None:
    act = Act(verb, invitation, {"referral": str(invitation.referral_id), **facts})
    audit.record(act, actor=actor, at=now, authority_id=invitation.authority_id)
