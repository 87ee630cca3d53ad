"""Award: recommended by one person, approved by another (A1, P1, BC 8.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor, Role
from dps.audit import Act
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from dps.services.messages import Letter, send
from dps.services.people import people_with_role
from referrals.jobs import MAKE_AGREEMENT, WRITE_AWARD_LETTERS
from referrals.models import Award, Bid, ParentChoice, Referral
from referrals.queries.awards import first_ranked, ranked_bid
from referrals.queries.choice import counts_for, leaves_unsettled, offer_of, standing_choice
from referrals.queries.evaluation import latest_evaluation, openers_of
from referrals.queries.prices import low_price_of
from referrals.services.closing_choice import close_if_over
from referrals.services.people import person_of
from referrals.services.ranking import refuse_if_stale
from referrals.services.stages import locked, move, refuse_unless_possible
from referrals.states import ReferralStep


class NobodyRanked(Refusal):
    message = "No bid is left in the ranking, so nothing can be awarded"


class ChoiceNotSettled(Refusal):
    message = (
        "The first bids are nearly equal. Offer the parent the choice, or record why not,"
        " before you recommend an award"
    )


class NotTheOneToAward(Refusal):
    message = "This bid cannot be awarded"


class ReasonMissing(NotUnderstood):
    message = "Say why, in a sentence or two"
    field = "reason"


class LowPriceUnexplained(NotUnderstood):
    message = "Say how the provider explains the low price"
    field = "low_price"


class MayNotApprove(Refusal):
    message = "Somebody else has to approve this award"


@dataclass(frozen=True, slots=True)
class Candidate:
    """The one bid that may be awarded, and why it is that one."""

    bid: Bid
    by_choice: bool
    words: str


def _first_ranked(bid: Bid, words: str) -> Candidate:
    return Candidate(bid, by_choice=False, words=words)


def candidate_for(referral: Referral) -> Candidate:
    """
    The first-ranked, or the parent's choice where one was made in this ranking (A1, P4).

    :raises NobodyRanked: no bid is in the ranking.
    :raises ChoiceNotSettled: a near tie was neither offered to the parent nor reasoned away.
    """
    first = first_ranked(referral.id)
    if first is None:
        raise NobodyRanked
    evaluation, offer = latest_evaluation(referral.id), offer_of(referral.id)
    if leaves_unsettled(evaluation, referral, offer):
        raise ChoiceNotSettled
    if offer is None:
        return _first_ranked(first, "It is ranked first")
    if not counts_for(offer, evaluation):
        words = "It is ranked first; the parent was asked in an earlier ranking, which has ended"
        return _first_ranked(first, words)
    choice = standing_choice(offer.id)
    if choice is None:
        return _first_ranked(first, "It is ranked first, and the parent did not answer in time")
    if choice.option is None:
        says = str(ParentChoice.Wish(choice.wish).label)
        return _first_ranked(first, f"It is ranked first; the parent’s answer was “{says}”")
    chosen = ranked_bid(referral.id, choice.option.bid_id)
    return Candidate(chosen, by_choice=True, words="The parent chose it")


@transaction.atomic
def recommend_award(
    *,
    referral_id: UUID,
    bid_id: UUID,
    reason: str,
    actor: Actor,
    now: datetime,
    low_price: str = "",
) -> Award:
    """
    Recommend the award to the first-ranked, or to the parent's choice (A1).

    `low_price` is how a price that looks too low was explained; the reason carries it on.

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the referral is neither ranked nor chosen.
    :raises SuspendedSinceRanking: a ranked establishment has been suspended since.
    :raises NobodyRanked: no bid is in the ranking.
    :raises ChoiceNotSettled: a near tie was neither offered to the parent nor reasoned away.
    :raises NotTheOneToAward: another bid is first, or was chosen.
    :raises ReasonMissing: no reason is given.
    :raises LowPriceUnexplained: the price looks too low, and nobody says why it is right.
    """
    require(actor, Action.RECOMMEND_AWARD)
    referral = locked(referral_id)
    close_if_over(referral, actor=actor, now=now)
    refuse_unless_possible(referral, ReferralStep.RECOMMEND)
    refuse_if_stale(referral, now=now)
    candidate = candidate_for(referral)
    if candidate.bid.id != bid_id:
        name = candidate.bid.establishment.name
        raise NotTheOneToAward(f"Only {name} can be awarded: {_lower(candidate.words)}")
    if not reason.strip():
        raise ReasonMissing
    is_low = bool(low_price_of(referral, candidate.bid))
    if is_low and not low_price.strip():
        raise LowPriceUnexplained

    explained = f"\n\nOn the low price: {low_price.strip()}" if is_low else ""
    award = _make_award(referral, candidate, reason.strip() + explained, actor=actor, now=now)
    move(referral, ReferralStep.RECOMMEND)
    facts = {
        "bid": str(bid_id),
        "by_choice": candidate.by_choice,
        "low_price": is_low,
        "evaluation": award.evaluation_sha256,
    }
    audit.record(Act("award.recommended", award, facts), actor=actor, at=now)
    _tell_approvers(referral, award, actor=actor, now=now)
    return award


@transaction.atomic
def approve_award(*, referral_id: UUID, actor: Actor, now: datetime, note: str = "") -> Award:
    """
    Approve the recommended award: final. Letters and the agreement are owed (A1, A2, A3).

    :raises NotPermitted: the actor is no approver.
    :raises IllegalTransition: no award waits for approval.
    :raises MayNotApprove: the actor raised the referral, opened its bids, or recommended.
    :raises SuspendedSinceRanking: a ranked establishment has been suspended since.
    """
    require(actor, Action.APPROVE_AWARD)
    referral, award = _locked_award(referral_id, ReferralStep.APPROVE, actor)
    refuse_if_stale(referral, now=now)

    _decide(award, Award.State.APPROVED, note, actor=actor, now=now)
    referral.awarded_at = now
    move(referral, ReferralStep.APPROVE, "awarded_at")
    facts = {"bid": str(award.bid_id), "evaluation": award.evaluation_sha256}
    audit.record(Act("award.approved", award, facts), actor=actor, at=now)
    _tell_recommender(referral, award, now=now)
    own, award_id = referral.authority_id, str(award.id)
    owe(
        WRITE_AWARD_LETTERS,
        key=f"award-letters:{award_id}",
        authority_id=own,
        at=now,
        award_id=award_id,
    )
    owe(MAKE_AGREEMENT, key=f"agreement:{award_id}", authority_id=own, at=now, award_id=award_id)
    return award


@transaction.atomic
def return_award(*, referral_id: UUID, reason: str, actor: Actor, now: datetime) -> Award:
    """
    Return the recommended award to the commissioner, with the reason (A1).

    :raises NotPermitted: the actor is no approver.
    :raises IllegalTransition: no award waits for approval.
    :raises MayNotApprove: the actor raised the referral, opened its bids, or recommended.
    :raises ReasonMissing: no reason is given.
    """
    require(actor, Action.APPROVE_AWARD)
    referral, award = _locked_award(referral_id, ReferralStep.RETURN, actor)
    if not reason.strip():
        raise ReasonMissing

    _decide(award, Award.State.RETURNED, reason, actor=actor, now=now)
    move(referral, ReferralStep.RETURN)
    audit.record(Act("award.returned", award), actor=actor, at=now)
    _tell_recommender(referral, award, now=now)
    return award


def check_may_decide(referral: Referral, award: Award, actor: Actor) -> None:
    """
    The approver is neither who raised, nor who opened, nor who recommended (architecture 7.6).

    :raises MayNotApprove: the actor is one of these.
    """
    if actor.person_id == award.recommended_by_id:
        raise MayNotApprove("You recommended this award. Somebody else has to approve it")
    if actor.person_id == referral.raised_by_id:
        raise MayNotApprove("You raised this referral. Somebody else has to approve its award")
    if actor.person_id in openers_of(referral):
        raise MayNotApprove("You opened these bids. Somebody else has to approve the award")


def _locked_award(referral_id: UUID, step: ReferralStep, actor: Actor) -> tuple[Referral, Award]:
    referral = locked(referral_id)
    refuse_unless_possible(referral, step)
    award = Award.objects.get(referral_id=referral.id, state=Award.State.RECOMMENDED)
    check_may_decide(referral, award, actor)
    return referral, award


def _priced(bid: Bid) -> int:
    """Every ranked bid has a price. :raises NobodyRanked: this one is in no ranking."""
    if bid.annual_price_pence is None:
        raise NobodyRanked
    return bid.annual_price_pence


def _make_award(
    referral: Referral, candidate: Candidate, reason: str, *, actor: Actor, now: datetime
) -> Award:
    evaluation = latest_evaluation(referral.id)
    bid = candidate.bid
    return Award.objects.create(
        authority_id=referral.authority_id,
        referral_id=referral.id,
        bid_id=bid.id,
        category_id=referral.category_id,
        establishment_id=bid.establishment_id,
        provider_id=bid.provider_id,
        by_choice=candidate.by_choice,
        annual_value_pence=_priced(bid),
        reason=reason,
        evaluation_sha256=evaluation.sha256 if evaluation else "",
        recommended_by_id=person_of(actor),
        recommended_at=now,
    )


def _decide(award: Award, state: Award.State, note: str, *, actor: Actor, now: datetime) -> None:
    award.state = state
    award.decided_by_id = actor.person_id
    award.decided_at = now
    award.decision_note = note.strip()
    award.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])


def _tell_approvers(referral: Referral, award: Award, *, actor: Actor, now: datetime) -> None:
    context = {
        "reference": referral.reference,
        "referral_id": str(referral.id),
        "recommended_by": actor.name,
    }
    for person_id in people_with_role(Role.APPROVER, authority_id=referral.authority_id):
        send(
            Letter("referrals/award_to_approve", person_id, context),
            key=f"award-to-approve:{award.id}:{person_id}",
            authority_id=referral.authority_id,
            now=now,
        )


def _tell_recommender(referral: Referral, award: Award, *, now: datetime) -> None:
    context = {
        "reference": referral.reference,
        "referral_id": str(referral.id),
        "is_approved": award.state == Award.State.APPROVED,
    }
    send(
        Letter("referrals/award_decided", award.recommended_by_id, context),
        key=f"award-decided:{award.id}",
        authority_id=referral.authority_id,
        now=now,
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
