"""Ranking again after a suspension, and what becomes of the parent's choice (R5, P1)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import Refusal
from referrals.jobs import TELL_CHOICE_CHANGED
from referrals.models import ChoiceOffer, Evaluation, Referral
from referrals.queries.choice import (
    counts_for,
    has_a_suspended_place,
    offer_of,
    options_of,
    standing_choice,
)
from referrals.queries.evaluation import latest_evaluation
from referrals.services.closing_choice import close_if_over, end_offer
from referrals.services.ranking import is_stale, rank
from referrals.services.stages import locked, refuse_unless_possible
from referrals.states import ReferralState, ReferralStep


class RankingStands(Refusal):
    message = "Nothing has changed since the bids were ranked"


class ParentIsChoosing(Refusal):
    message = (
        "The parent is choosing, and each place that they were offered is still possible."
        " Rank again when the choice is closed"
    )


@transaction.atomic
def rank_again(*, referral_id: UUID, actor: Actor, now: datetime) -> Evaluation:
    """
    Rank anew without an establishment that was suspended since the ranking (R5).

    What the parent chose stays chosen if it is in a near tie of places that were all offered.
    Otherwise that choice ends, its link too, the parent is told, and a near tie is to be settled
    anew (P1).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the referral is not ranked, or is past the recommendation.
    :raises RankingStands: no ranked establishment has been suspended since.
    :raises ParentIsChoosing: the window is open, and no place in it is suspended.
    """
    require(actor, Action.RECOMMEND_AWARD)
    referral = locked(referral_id)
    close_if_over(referral, actor=actor, now=now)
    refuse_unless_possible(referral, ReferralStep.RANK_AGAIN)
    if not is_stale(referral, now=now):
        raise RankingStands
    before, offer = latest_evaluation(referral.id), offer_of(referral.id)
    was_open = referral.state == ReferralState.CHOOSING
    if was_open and offer is not None:
        _refuse_if_all_possible(referral, offer, now=now)
        end_offer(referral, now=now)

    evaluation = rank(referral, step=ReferralStep.RANK_AGAIN, actor=actor, now=now)
    if offer is not None and counts_for(offer, before):
        # An answer that could still have been changed is none to go on with.
        if not was_open and _still_stands(offer, evaluation):
            _carry_over(offer, evaluation, actor=actor, now=now)
        else:
            _set_aside(offer, evaluation, was_open=was_open, actor=actor, now=now)
    return evaluation


def _refuse_if_all_possible(referral: Referral, offer: ChoiceOffer, *, now: datetime) -> None:
    if not has_a_suspended_place(referral, offer, now=now):
        raise ParentIsChoosing


def _still_stands(offer: ChoiceOffer, evaluation: Evaluation) -> bool:
    choice = standing_choice(offer.id)
    if choice is None or choice.option is None:
        return False
    near, offered = set(evaluation.near_tie), {option.bid_id for option in options_of(offer.id)}
    return choice.option.bid_id in near and near <= offered


def _carry_over(offer: ChoiceOffer, evaluation: Evaluation, *, actor: Actor, now: datetime) -> None:
    facts = {"from": offer.evaluation_number, "to": evaluation.number}
    offer.evaluation_number = evaluation.number
    offer.save(update_fields=["evaluation_number"])
    audit.record(Act("choice.carried_over", offer, facts), actor=actor, at=now)


def _set_aside(
    offer: ChoiceOffer, evaluation: Evaluation, *, was_open: bool, actor: Actor, now: datetime
) -> None:
    facts = {"evaluation": evaluation.number, "was_open": was_open}
    audit.record(Act("choice.set_aside", offer, facts), actor=actor, at=now)
    if offer.parent_email or offer.parent_phone:
        owe(
            TELL_CHOICE_CHANGED,
            key=f"choice-changed:{offer.id}",
            authority_id=offer.authority_id,
            at=now,
            offer_id=str(offer.id),
        )
