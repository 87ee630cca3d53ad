"""The award: recommended, decided by a second person, and told to each bidder."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.models import Document
from dps.permissions import Action
from dps.refusals import IllegalTransition, Refusal
from dps.views.access import record_refusal, requires
from referrals.forms.awarding import APPROVE, DecisionForm, RecommendForm
from referrals.models import Award, Invitation, Referral
from referrals.presenters.awarding import award_rows, candidate_rows, low_price_words
from referrals.presenters.letters import heading_of, scores_head, scores_rows
from referrals.queries.awards import award_to_decide, letter_for, returned_award
from referrals.queries.prices import low_price_of
from referrals.services.awarding import (
    MayNotApprove,
    approve_award,
    candidate_for,
    check_may_decide,
    recommend_award,
    return_award,
)
from referrals.services.letters import LETTER
from referrals.services.ranking import refuse_if_stale
from referrals.states import ReferralState


class NoResultYet(Refusal):
    message = "There is no result for you here yet. We email you when the council has decided"


RECOMMENDABLE = (ReferralState.RANKED, ReferralState.CHOSEN, ReferralState.CHOOSING)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RECOMMEND_AWARD)
def recommend(request: Any, referral_id: UUID) -> HttpResponse:
    """The one bid that may be awarded, and why it is that one."""
    referral = Referral.objects.select_related("category").get(id=referral_id)
    if referral.state not in RECOMMENDABLE:
        raise IllegalTransition("An award cannot be recommended at this stage")
    refuse_if_stale(referral, now=request.received_at)
    candidate = candidate_for(referral)
    low_price = low_price_of(referral, candidate.bid)
    start = {"bid": candidate.bid.id}
    form = RecommendForm(request.POST or None, initial=start, is_low=bool(low_price))
    status = 200
    if request.method == "POST":
        status = _recommend(request, form, referral_id)
        if status == 302:
            messages.success(request, "The award is recommended. A second person approves it")
            return redirect("referrals:detail", referral_id)
    context = {
        "referral": referral,
        "form": form,
        "rows": candidate_rows(candidate),
        "low_price": low_price_words(low_price),
        "returned": returned_award(referral_id),
    }
    return render(request, "referrals/awarding/recommend.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.APPROVE_AWARD, fresh=True)
def decide(request: Any, referral_id: UUID) -> HttpResponse:
    """The second person's decision."""
    referral = Referral.objects.select_related("category").get(id=referral_id)
    form = DecisionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = _decide(request, form, referral_id)
        if status == 302:
            return redirect("referrals:detail", referral_id)
    award = award_to_decide(referral_id)
    if award is None:
        raise IllegalTransition("No award waits for a decision here")
    context = {
        "referral": referral,
        "form": form,
        "rows": award_rows(award),
        "low_price": low_price_words(low_price_of(referral, award.bid)),
        "barred": _barred(referral, award, request),
    }
    return render(request, "referrals/awarding/decide.html", context, status=status)


@require_safe
@requires(Action.VIEW_INVITATIONS)
def result(request: Any, invitation_id: UUID) -> HttpResponse:
    """A bidder's letter as a page, with its PDF when that is made."""
    invitation = Invitation.objects.get(id=invitation_id)
    letter = letter_for(invitation.authority_id, invitation.id)
    if letter is None:
        raise NoResultYet
    pdf = Document.objects.of(letter.authority_id).filter(kind=LETTER, subject_id=letter.id)
    context = {
        "letter": letter,
        "content": letter.content,
        "heading": heading_of(letter.content),
        "head": scores_head(letter.content),
        "rows": scores_rows(letter.content),
        "pdf": pdf.only("id", "authority_id").first(),
    }
    return render(request, "referrals/letters/result.html", context)


def _barred(referral: Referral, award: Award, request: Any) -> str:
    try:
        check_may_decide(referral, award, request.actor)
    except MayNotApprove as refusal:
        return refusal.message
    return ""


def _recommend(request: Any, form: RecommendForm, referral_id: UUID) -> int:
    if not form.is_valid():
        return 400
    try:
        recommend_award(
            referral_id=referral_id,
            bid_id=form.cleaned_data["bid"],
            reason=form.cleaned_data["reason"],
            low_price=form.cleaned_data.get("low_price", ""),
            actor=request.actor,
            now=request.received_at,
        )
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        record_refusal(request, refusal, "recommend_award")
        return refusal.status
    return 302


def _decide(request: Any, form: DecisionForm, referral_id: UUID) -> int:
    if not form.is_valid():
        return 400
    who = {"referral_id": referral_id, "actor": request.actor, "now": request.received_at}
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == APPROVE:
        approve_award(note=reason, **who)
        messages.success(request, "The award is approved. Every bidder gets a letter")
    else:
        return_award(reason=reason, **who)
        messages.success(request, "The award is returned to the commissioner")
    return 302
