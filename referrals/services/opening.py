"""Opening the sealed bids: two people within half an hour, after the deadline."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from dps import audit
from dps.actors import Actor, Role
from dps.audit import Act
from dps.clock import may_open, opens_at, show_instant
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.services.messages import Letter, send
from dps.services.people import people_with_role
from referrals.models import Bid, Invitation, OpeningApproval, Referral
from referrals.queries.evaluation import approvals_in_force
from referrals.services.scoring_run import record_facts
from referrals.services.stages import locked, refuse_unless_possible
from referrals.states import ReferralStep


class BiddingStillOpen(Refusal):
    message = "Bidding is still open. Bids can be opened one minute after the deadline"


class SecondPersonNeeded(Refusal):
    message = (
        "You have approved already. A second person has to approve within 30 minutes of you,"
        " signed in under their own name"
    )


@transaction.atomic
def approve_opening(*, referral_id: UUID, actor: Actor, now: datetime) -> Referral:
    """
    Approve the opening; the second person's approval within 30 minutes opens the bids and writes
    their automatic facts (R8, R10, BC 4.11).

    :raises NotPermitted: the actor may not open bids.
    :raises Referral.DoesNotExist: there is no such referral for this actor.
    :raises IllegalTransition: the bids are open already, or the referral is not at that stage.
    :raises BiddingStillOpen: the deadline and its grace of 60 seconds have not passed.
    :raises SecondPersonNeeded: the actor's own approval is still in force.
    """
    require(actor, Action.OPEN_BIDS)
    referral = locked(referral_id)
    refuse_unless_possible(referral, ReferralStep.OPEN_BIDS)
    _refuse_early(referral, now)
    approvers = {row.person_id for row in approvals_in_force(referral.id, now=now)}
    if actor.person_id in approvers:
        raise SecondPersonNeeded

    OpeningApproval.objects.update_or_create(
        authority_id=referral.authority_id,
        referral_id=referral.id,
        person_id=actor.person_id,
        defaults={"approved_at": now},
    )
    facts = {"nth": len(approvers) + 1}
    audit.record(Act("opening.approved", referral, facts), actor=actor, at=now)
    if approvers:
        _open(referral, actor=actor, now=now)
    return referral


def _refuse_early(referral: Referral, now: datetime) -> None:
    deadline = referral.bids_close_at
    if deadline is None or not may_open(now, deadline):
        until = f" from {show_instant(opens_at(deadline))}" if deadline else ""
        raise BiddingStillOpen(f"Bidding is still open. Bids can be opened{until}")


def _open(referral: Referral, *, actor: Actor, now: datetime) -> None:
    """The database's own function moves the contents: nothing else reads sealed bids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_sealed_bids(%s, %s)", [referral.authority_id, referral.id])
    referral.refresh_from_db()
    invitations = Invitation.objects.filter(referral_id=referral.id)
    invitations.update(referral_state=referral.state)
    bids = record_facts(referral, actor=actor, now=now)
    facts = {"bids": len(bids), "sealed_bids": sorted(str(bid.sealed_bid_id) for bid in bids)}
    audit.record(Act("bids.opened", referral, facts), actor=actor, at=now)
    if bids:
        _tell_evaluators(referral, bids, now=now)


def _tell_evaluators(referral: Referral, bids: list[Bid], *, now: datetime) -> None:
    for person_id in people_with_role(Role.EVALUATOR, authority_id=referral.authority_id):
        context = {
            "reference": referral.reference,
            "papers": len(bids),
            "referral_id": str(referral.id),
        }
        send(
            Letter("referrals/papers_to_grade", person_id, context),
            key=f"papers:{referral.id}:{person_id}",
            authority_id=referral.authority_id,
            now=now,
        )
