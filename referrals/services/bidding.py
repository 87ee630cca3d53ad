"""A provider's bid: its own drafts, sealed submissions, withdrawal (BC 8.11, R7, R8)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import LONDON, is_before_deadline, london, show_date, show_instant
from dps.permissions import Action, require
from dps.refusals import Refusal
from qualification.queries.qualified import suspensions_in_force
from referrals import sealing
from referrals.bid_content import (
    BidContent,
    NotABid,
    NotReadyToSubmit,
    refuse_unless_submittable,
)
from referrals.completeness import LATEST_START
from referrals.models import BidDraft, BidProgress, Invitation, Referral, SealedBid
from referrals.queries.invitations import (
    carried_lines,
    draft_of,
    invitation_for,
    referral_of,
    revisions,
    standing,
    terms_for,
)
from referrals.queries.referrals import asked
from referrals.services.people import person_of, provider_of
from referrals.states import ReferralState

LARGEST_BID = 100_000
"""Characters of a bid's JSON: far above what the word limits allow."""


class BiddingClosed(Refusal):
    message = "Bidding has closed, so this cannot be accepted"


class ReferralWithdrawn(Refusal):
    message = "The council has withdrawn this referral, so no bid can be made"


class InvitationDeclined(Refusal):
    message = "You have declined this invitation. Take that back first if you want to bid"


class EstablishmentSuspended(Refusal):
    message = "The establishment is suspended, so it cannot bid. Ask the contract team"


class HeldUp(Refusal):
    message = (
        "We received this before the deadline, but could not record it in time. This was our"
        " fault. Tell the council now: a person decides what happens"
    )


class ReceiptNotCredible(Refusal):
    message = "We could not tell when we received this, so nothing was recorded. Send it again"


class SubmittedAtTheSameTime(Refusal):
    message = "Somebody else in your organisation submitted at the same time. Look again"


class NoBidStands(Refusal):
    message = "There is no submitted bid to withdraw"


@transaction.atomic
def save_draft(
    *, invitation_id: UUID, content: BidContent, actor: Actor, now: datetime
) -> BidDraft:
    """Keep what is written so far. Only the provider reads it, and it is no bid.

    :raises NotPermitted: the actor may not prepare bids.
    :raises BiddingClosed, ReferralWithdrawn, InvitationDeclined: no bid can be made any more.
    """
    require(actor, Action.PREPARE_BID)
    invitation = hold_invitation(invitation_id, actor)
    _refuse_unless_open(invitation, referral_of(invitation), now)
    body = content.as_json()
    if len(content.canonical()) > LARGEST_BID:
        raise NotABid("The bid is too long")

    draft = draft_of(invitation)
    if draft is None:
        draft = BidDraft(**_party(invitation))
        _record(Act("bid.started", invitation), invitation, actor, now)
    draft.content, draft.saved_at, draft.saved_by_id = body, now, person_of(actor)
    draft.save()
    _note_draft(invitation, now)
    return draft


@transaction.atomic
def submit_bid(
    *, invitation_id: UUID, content: BidContent, actor: Actor, now: datetime
) -> SealedBid:
    """
    Seal a bid received at `now`; the last before the deadline counts (security.md 4.4).

    A button pressed several times gives one revision: the same bid, with no draft left that could
    have been changed since, is the one that stands already.

    :raises NotPermitted: the actor may not submit bids.
    :raises BiddingClosed: it was received at or after the deadline.
    :raises HeldUp: it was received in time, and recorded after the grace.
    :raises ReceiptNotCredible: the stamp and the database's clock contradict each other.
    :raises ReferralWithdrawn, InvitationDeclined, EstablishmentSuspended: no bid can be made.
    :raises NotReadyToSubmit, NotABid, CoreCostRaised, CoreCostsChanged: the bid itself.
    """
    require(actor, Action.SUBMIT_BID)
    invitation = hold_invitation(invitation_id, actor)
    referral = referral_of(invitation)
    _refuse_unless_open(invitation, referral, now)
    _refuse_suspended(invitation)
    weeks = referral.weeks_per_year or 1
    terms = terms_for(asked(referral), carried_lines(invitation, weeks=weeks), weeks)
    refuse_unless_submittable(content, terms)
    _refuse_impossible_start(content, now)
    sent_before = standing(invitation)
    if sent_before is not None and _is_sent_again(sent_before, content, invitation):
        return sent_before

    sealed = _append(invitation, content, actor, now)
    BidDraft.objects.of(invitation.authority_id).filter(invitation_id=invitation.pk).delete()
    _note(invitation, BidProgress.State.SUBMITTED, now)
    _record_sealed("bid.submitted", sealed, invitation, actor)
    return sealed


@transaction.atomic
def withdraw_bid(*, invitation_id: UUID, actor: Actor, now: datetime) -> SealedBid:
    """Take the bid back before the deadline; a new one may follow.

    :raises NotPermitted: the actor may not withdraw bids.
    :raises BiddingClosed, ReferralWithdrawn: it is too late.
    :raises NoBidStands: none is submitted.
    """
    require(actor, Action.WITHDRAW_BID)
    invitation = hold_invitation(invitation_id, actor)
    _refuse_unless_open(invitation, referral_of(invitation), now)
    last = revisions(invitation).first()
    if last is None or last.is_withdrawal:
        raise NoBidStands

    sealed = _append(invitation, None, actor, now)
    _note(invitation, BidProgress.State.WITHDRAWN, now)
    _record_sealed("bid.withdrawn", sealed, invitation, actor)
    return sealed


@transaction.atomic
def record_refused_attempt(
    *, invitation_id: UUID, refusal: Refusal, actor: Actor, now: datetime
) -> None:
    """Keep that a bid was refused, as sealed as the bid itself."""
    require(actor, Action.PREPARE_BID)
    invitation = invitation_for(invitation_id, provider_of(actor))
    act = Act("bid.refused", invitation, {"refusal": type(refusal).__name__})
    _record(act, invitation, actor, now)


def hold_invitation(invitation_id: UUID, actor: Actor) -> Invitation:
    """
    The invitation, with everybody else of the provider who answers it waiting.

    An advisory lock, since the referral is the parent and a provider may not lock it; its share
    of that lock is taken by the database when a bid is appended.

    :raises Invitation.DoesNotExist: it is another provider's, or there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"invitation:{invitation_id}"]
        )
    return invitation_for(invitation_id, provider_of(actor))


def _refuse_unless_open(invitation: Invitation, referral: Referral, now: datetime) -> None:
    if referral.state == ReferralState.WITHDRAWN:
        raise ReferralWithdrawn
    if not is_before_deadline(now, invitation.bids_close_at):
        raise BiddingClosed(
            f"Bidding closed on {show_instant(invitation.bids_close_at)}. We received this on"
            f" {to_the_second(now)}, so it cannot be accepted"
        )
    if referral.state != ReferralState.OPEN:
        raise BiddingClosed
    if invitation.declined_at is not None:
        raise InvitationDeclined


def _refuse_suspended(invitation: Invitation) -> None:
    if suspensions_in_force([invitation.establishment_id]):
        raise EstablishmentSuspended


def _is_sent_again(sent: SealedBid, content: BidContent, invitation: Invitation) -> bool:
    return sealing.unseal(sent.content) == content and draft_of(invitation) is None


def _refuse_impossible_start(content: BidContent, now: datetime) -> None:
    start, today = content.earliest_start, london(now).date()
    if start is not None and start < today:
        words = "The earliest start date must be today or later"
        raise NotReadyToSubmit(words, field="earliest_start")
    if start is not None and start > today + LATEST_START:
        words = "The earliest start date must be within 3 years from today"
        raise NotReadyToSubmit(words, field="earliest_start")


def to_the_second(moment: datetime) -> str:
    wall = moment.astimezone(LONDON)
    return f"{show_date(wall)} at {wall:%H:%M:%S}"


def _append(
    invitation: Invitation, content: BidContent | None, actor: Actor, now: datetime
) -> SealedBid:
    """One more revision. The database checks time, stage, suspension and order once more."""
    last = revisions(invitation).first()
    particulars = sealing.Particulars(
        referral_id=invitation.referral_id,
        invitation_id=invitation.pk,
        establishment_id=invitation.establishment_id,
        provider_id=invitation.provider_id,
        revision=1 if last is None else last.revision + 1,
        received_at=now,
    )
    sealed = sealing.seal(content, particulars)
    row = SealedBid(
        **_party(invitation),
        revision=particulars.revision,
        is_withdrawal=content is None,
        content=sealed.text,
        salt=sealed.salt,
        digest=sealed.digest,
        received_at=now,
        recorded_at=now,
        submitted_by_id=person_of(actor),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _refusal_of(error) from error
    row.refresh_from_db(fields=["recorded_at"])
    return row


_REFUSALS: dict[str, type[Refusal]] = {
    "sealed_bid_referral_open": BiddingClosed,
    "sealed_bid_in_time": HeldUp,
    "sealed_bid_receipt_credible": ReceiptNotCredible,
    "sealed_bid_not_suspended": EstablishmentSuspended,
    "sealed_revision_once": SubmittedAtTheSameTime,
}


def _refusal_of(error: IntegrityError) -> Exception:
    """What the database's own check means in words; anything else is a fault of ours."""
    diagnosis = getattr(error.__cause__, "diag", None)
    refusal = _REFUSALS.get(getattr(diagnosis, "constraint_name", "") or "")
    return refusal() if refusal else error


def _party(invitation: Invitation) -> dict[str, object]:
    return {
        "authority_id": invitation.authority_id,
        "referral_id": invitation.referral_id,
        "invitation_id": invitation.pk,
        "establishment_id": invitation.establishment_id,
        "provider_id": invitation.provider_id,
    }


def _note_draft(invitation: Invitation, now: datetime) -> None:
    """A submitted bid stands while a change to it is only a draft."""
    current = BidProgress.objects.filter(invitation_id=invitation.pk).first()
    if current is None or current.state != BidProgress.State.SUBMITTED:
        _note(invitation, BidProgress.State.DRAFT, now)


def _note(invitation: Invitation, state: BidProgress.State, now: datetime) -> None:
    BidProgress.objects.update_or_create(
        invitation_id=invitation.pk,
        defaults={"provider_id": invitation.provider_id, "state": state, "changed_at": now},
    )


def _record_sealed(verb: str, sealed: SealedBid, invitation: Invitation, actor: Actor) -> None:
    facts = {
        "invitation": str(invitation.pk),
        "revision": sealed.revision,
        "digest": sealed.digest,
        "received_at": sealing.instant(sealed.received_at),
        "recorded_at": sealing.instant(sealed.recorded_at),
    }
    act = Act(verb, sealed, facts, sealed_referral_id=invitation.referral_id)
    _record(act, invitation, actor, sealed.received_at)


def _record(act: Act, invitation: Invitation, actor: Actor, now: datetime) -> None:
    """Into the trail of the referral's authority, hidden from it until the bids are opened."""
    hidden = Act(act.verb, act.subject, act.facts, sealed_referral_id=invitation.referral_id)
    audit.record(hidden, actor=actor, at=now, authority_id=invitation.authority_id)
