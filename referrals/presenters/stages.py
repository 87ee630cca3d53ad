"""What stands on a referral's page from the deadline on: one panel, by its stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dps.actors import Actor
from dps.clock import is_before_deadline
from dps.permissions import Action, may
from referrals.models import Bid, GradeSheet, Referral
from referrals.presenters.awarding import award_rows
from referrals.presenters.choice import progress_of
from referrals.presenters.evaluation import near_tie_words, opening_of
from referrals.queries.awards import approved_award, award_to_decide, returned_award
from referrals.queries.choice import (
    answers_of,
    counts_for,
    has_a_suspended_place,
    is_open,
    leaves_unsettled,
    offer_of,
)
from referrals.queries.evaluation import (
    is_kept_blind,
    latest_evaluation,
    sheets_of,
    suspended_since_opening,
)
from referrals.services.awarding import MayNotApprove, check_may_decide
from referrals.services.grading import FEWEST_EVALUATORS
from referrals.states import ReferralState


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: its template under referrals/stages, and what it shows."""

    template: str
    context: dict[str, Any]


def stage_panels(referral: Referral, actor: Actor, now: datetime) -> list[Panel]:
    """The panels of the stage that the referral is at; none before its deadline."""
    make = _MAKERS.get(ReferralState(referral.state))
    if make is None:
        return []
    found = make(referral, actor, now)
    if found is None:
        return []
    name, context = found
    shared = {"referral": referral, "may_view": may(actor, Action.VIEW_EVALUATION)}
    return [Panel(f"referrals/stages/{name}.html", {**shared, **context})]


Made = tuple[str, dict[str, Any]] | None


def _open(referral: Referral, actor: Actor, now: datetime) -> Made:
    if referral.bids_close_at is None or is_before_deadline(now, referral.bids_close_at):
        return None
    context = {
        "opening": opening_of(referral, actor, now),
        "may_open": may(actor, Action.OPEN_BIDS),
    }
    return "opening", context


def _grading(referral: Referral, actor: Actor, now: datetime) -> Made:
    is_blind = is_kept_blind(referral, actor)
    sheets = sheets_of(referral.id)
    context = {
        "number": Bid.objects.filter(referral_id=referral.id).count(),
        "bids": [] if is_blind else _bidders(referral, now),
        "is_blind": is_blind,
        "sheets": sheets,
        "unfinished": _unfinished(referral, sheets) if may(actor, Action.RECOMMEND_AWARD) else [],
        "still_needed": max(0, FEWEST_EVALUATORS - len(sheets)),
        "may_withdraw": may(actor, Action.WITHDRAW_REFERRAL),
    }
    return "grading", context


def _ranked(referral: Referral, actor: Actor, now: datetime) -> Made:
    ranked = _in_the_ranking(referral)
    evaluation = latest_evaluation(referral.id)
    near_tie = evaluation.near_tie if evaluation else []
    offer = offer_of(referral.id)
    progress = progress_of(offer, answers_of(offer.id), now) if offer else None
    is_counted = counts_for(offer, evaluation)
    # One query for the suspended, not one for each question about them.
    ids = [bid.establishment_id for bid in ranked]
    is_stale = bool(suspended_since_opening(referral, ids, now=now))
    is_reasoned = evaluation and referral.no_choice_evaluation == evaluation.number
    context = {
        "ranked": ranked,
        "first": ranked[0] if ranked else None,
        "near_tie": near_tie_words(ranked, near_tie),
        "must_settle": leaves_unsettled(evaluation, referral, offer),
        "is_stale": is_stale,
        "choice": progress if is_counted else None,
        "earlier_choice": None if is_counted else progress,
        "no_choice_reason": referral.no_choice_reason if is_reasoned else "",
        "returned": returned_award(referral.id),
        "may_recommend": may(actor, Action.RECOMMEND_AWARD),
    }
    return "ranked", context


def _choosing(referral: Referral, actor: Actor, now: datetime) -> Made:
    offer = offer_of(referral.id)
    if offer is None:
        return None
    context = {
        "offer": offer,
        "progress": progress_of(offer, answers_of(offer.id), now),
        "may_follow": may(actor, Action.OFFER_CHOICE),
        # Past its date the choice is closed first, whoever is suspended.
        "is_stale": is_open(offer, now=now) and has_a_suspended_place(referral, offer, now=now),
        "may_rank_again": may(actor, Action.RECOMMEND_AWARD),
    }
    return "choosing", context


def _recommended(referral: Referral, actor: Actor, now: datetime) -> Made:
    award = award_to_decide(referral.id)
    if award is None:
        return None
    barred = ""
    try:
        check_may_decide(referral, award, actor)
    except MayNotApprove as refusal:
        barred = refusal.message
    may_approve = may(actor, Action.APPROVE_AWARD)
    context = {"rows": award_rows(award), "barred": barred, "may_approve": may_approve}
    return "recommended", context


def _awarded(referral: Referral, actor: Actor, now: datetime) -> Made:
    award = approved_award(referral.id)
    if award is None:
        return None
    return "awarded", {"award": award, "rows": award_rows(award)}


def _bidders(referral: Referral, now: datetime) -> list[tuple[str, bool]]:
    """Names of those who bid, by name and without their letters, and whether each is suspended."""
    rows = Bid.objects.filter(referral_id=referral.id).select_related("establishment")
    bids = sorted(rows, key=lambda bid: bid.establishment.name.casefold())
    out = suspended_since_opening(referral, [bid.establishment_id for bid in bids], now=now)
    return [(bid.establishment.name, bid.establishment_id in out) for bid in bids]


def _unfinished(referral: Referral, sheets: list[GradeSheet]) -> list[GradeSheet]:
    if referral.grades_in_at is not None:
        return []
    return [sheet for sheet in sheets if sheet.handed_in_at is None]


def _in_the_ranking(referral: Referral) -> list[Bid]:
    rows = Bid.objects.filter(referral_id=referral.id, rank__isnull=False)
    return list(rows.select_related("establishment").order_by("rank"))


_MAKERS: dict[ReferralState, Callable[[Referral, Actor, datetime], Made]] = {
    ReferralState.OPEN: _open,
    ReferralState.GRADING: _grading,
    ReferralState.RANKED: _ranked,
    ReferralState.CHOOSING: _choosing,
    ReferralState.CHOSEN: _ranked,
    ReferralState.RECOMMENDED: _recommended,
    ReferralState.AWARDED: _awarded,
}
