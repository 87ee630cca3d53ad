"""The ranking and how it came about, for those who run the referral."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from dps.permissions import Action, may
from dps.refusals import NotUnderstood, Refusal
from dps.views.access import requires
from referrals.models import Feature, Referral
from referrals.presenters.detail import next_words
from referrals.presenters.evaluation import results_of
from referrals.queries.evaluation import bids_of, latest_evaluation
from referrals.services.grading import release_grader
from referrals.services.ranking import is_stale
from referrals.services.ranking_again import rank_again
from referrals.states import ReferralState


class NotRankedYet(Refusal):
    message = "The bids are not ranked yet. Prices and scores are shown when the grades are agreed"


@require_safe
@requires(Action.VIEW_EVALUATION)
def results(request: Any, referral_id: UUID) -> HttpResponse:
    """Before the ranking nothing of it is shown, so that no grade can lean on it."""
    referral = Referral.objects.select_related("category").get(id=referral_id)
    evaluation = latest_evaluation(referral_id)
    if evaluation is None:
        raise NotRankedYet
    features = list(Feature.objects.filter(referral_id=referral_id))
    undecided = referral.state in (ReferralState.RANKED, ReferralState.CHOSEN)
    may_rank = may(request.actor, Action.RECOMMEND_AWARD)
    context = {
        "referral": referral,
        "evaluation": evaluation,
        "results": results_of(referral, evaluation, bids_of(referral_id), features),
        "next": next_words(referral, request.received_at),
        "rank_again": undecided and may_rank and is_stale(referral, now=request.received_at),
    }
    return render(request, "referrals/evaluation/results.html", context)


@require_POST
@requires(Action.RECOMMEND_AWARD)
def again(request: Any, referral_id: UUID) -> HttpResponse:
    rank_again(referral_id=referral_id, actor=request.actor, now=request.received_at)
    messages.success(request, "The bids are ranked again, without the suspended establishment")
    return redirect("referrals:evaluation", referral_id)


@require_POST
@requires(Action.RECOMMEND_AWARD)
def release(request: Any, referral_id: UUID) -> HttpResponse:
    """Go on without an evaluator who began and does not hand in."""
    release_grader(
        referral_id=referral_id,
        sheet_id=_sheet(request.POST.get("sheet", "")),
        actor=request.actor,
        now=request.received_at,
    )
    messages.success(request, "The evaluation goes on without this evaluator")
    return redirect("referrals:detail", referral_id)


def _sheet(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotUnderstood from None
