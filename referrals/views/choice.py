"""The officer's side of the parent's choice: offering it, following it, closing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps import audit
from dps.audit import Act
from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from referrals.forms.choice import NoOfferForm, OfferForm, RecordForm
from referrals.models import ChoiceOffer, Referral
from referrals.presenters.choice import (
    answer_by_link,
    answer_words,
    end_of,
    progress_of,
    tomorrow,
    usual_closing_day,
)
from referrals.presenters.evaluation import near_tie_words
from referrals.queries.choice import (
    answers_of,
    counts_for,
    link_sent_at,
    offer_of,
    options_of,
    standing_choice,
)
from referrals.queries.evaluation import bids_of, latest_evaluation
from referrals.services.child_details import unseal
from referrals.services.choosing import (
    not_offer_choice,
    offer_choice,
    record_choice_by_officer,
    refuse_if_closed,
)
from referrals.services.closing_choice import close_choice
from referrals.services.parent_links import make_code, send_new_link
from referrals.services.stages import refuse_unless_possible
from referrals.states import ReferralStep


class NoOffer(Refusal):
    message = "No choice has been offered to the parent of this referral"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.OFFER_CHOICE)
def offer(request: Any, referral_id: UUID) -> HttpResponse:
    """The near tie in words, and the closing date of the parent's choice."""
    now = request.received_at
    form = OfferForm(
        request.POST or None,
        earliest=tomorrow(now),
        initial={"closes_on": usual_closing_day(now)},
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            closes_at = end_of(form.cleaned_data["closes_on"])
            offer_choice(referral_id=referral_id, closes_at=closes_at, actor=request.actor, now=now)
            messages.success(request, "The choice is offered to the parent")
            return redirect("referrals:choice_progress", referral_id)
    context = {"form": form, **_near_tie(referral_id)}
    return render(request, "referrals/choice/offer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.OFFER_CHOICE)
def no_offer(request: Any, referral_id: UUID) -> HttpResponse:
    """Why a near tie is not put to the parent."""
    form = NoOfferForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            not_offer_choice(
                referral_id=referral_id,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=request.received_at,
            )
            messages.success(request, "The reason is recorded")
            return redirect("referrals:recommend_award", referral_id)
    context = {"form": form, **_near_tie(referral_id)}
    return render(request, "referrals/choice/no_offer.html", context, status=status)


@require_safe
@requires(Action.OFFER_CHOICE)
def progress(request: Any, referral_id: UUID) -> HttpResponse:
    """What the parent has said so far. Their own words are read on record."""
    found = _offer(referral_id)
    answers = answers_of(found.id)
    choice = answers[0] if answers else None
    said = ""
    if choice is not None and choice.reason:
        said = unseal(found, "parentchoice", "reason", str(choice.id), bytes(choice.reason))
        act = Act("choice.reason_read", choice)
        audit.record(act, actor=request.actor, at=request.received_at)
    context = {
        "referral_id": referral_id,
        "offer": found,
        "options": options_of(found.id),
        "progress": progress_of(found, answers, request.received_at),
        "is_earlier": not counts_for(found, latest_evaluation(referral_id)),
        "said": said,
        "link_sent_at": link_sent_at(found.id),
    }
    return render(request, "referrals/choice/progress.html", context)


@require_POST
@requires(Action.OFFER_CHOICE)
def code(request: Any, referral_id: UUID) -> HttpResponse:
    """A code to read out. No redirect: it is shown this once and kept nowhere."""
    made = make_code(referral_id=referral_id, actor=request.actor, now=request.received_at)
    context = {"referral_id": referral_id, "code": made, "offer": _offer(referral_id)}
    return render(request, "referrals/choice/code_made.html", context)


@require_POST
@requires(Action.OFFER_CHOICE)
def new_link(request: Any, referral_id: UUID) -> HttpResponse:
    """Another link for a parent who has lost the email."""
    send_new_link(referral_id=referral_id, actor=request.actor, now=request.received_at)
    messages.success(request, "A new link is on its way to the parent. The earlier one has ended")
    return redirect("referrals:choice_progress", referral_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.OFFER_CHOICE)
def record(request: Any, referral_id: UUID) -> HttpResponse:
    """What the parent said by phone."""
    found = _offer(referral_id)
    if request.method != "POST":
        refuse_if_closed(found, now=request.received_at)
    form = RecordForm(options_of(found.id), request.POST or None)
    status = 200
    if request.method == "POST":
        status = _record(request, form, referral_id)
        if status == 302:
            messages.success(request, "The parent’s answer is recorded")
            return redirect("referrals:choice_progress", referral_id)
    context = {
        "form": form,
        "offer": found,
        "referral_id": referral_id,
        "by_link": answer_by_link(answers_of(found.id)),
    }
    return render(request, "referrals/choice/record.html", context, status=status)


@require_POST
@requires(Action.OFFER_CHOICE)
def close(request: Any, referral_id: UUID) -> HttpResponse:
    close_choice(referral_id=referral_id, actor=request.actor, now=request.received_at)
    messages.success(request, f"The choice is closed: {_last_answer(referral_id)}")
    return redirect("referrals:recommend_award", referral_id)


def _offer(referral_id: UUID) -> ChoiceOffer:
    """:raises Referral.DoesNotExist: there is no such referral for this actor.
    :raises NoOffer: nothing has been offered to the parent.
    """
    Referral.objects.only("id", "authority_id").get(id=referral_id)
    found = offer_of(referral_id)
    if found is None:
        raise NoOffer
    return found


def _last_answer(referral_id: UUID) -> str:
    return answer_words(standing_choice(_offer(referral_id).id))


def _near_tie(referral_id: UUID) -> dict[str, Any]:
    referral = Referral.objects.select_related("category").get(id=referral_id)
    refuse_unless_possible(referral, ReferralStep.OFFER_CHOICE)
    evaluation = latest_evaluation(referral_id)
    ranked = sorted((bid for bid in bids_of(referral_id) if bid.rank), key=lambda b: b.rank or 0)
    words = near_tie_words(ranked, evaluation.near_tie) if evaluation else ""
    asks_again = offer_of(referral_id) is not None
    return {"referral": referral, "near_tie": words, "asks_again": asks_again}


def _record(request: Any, form: RecordForm, referral_id: UUID) -> int:
    if not form.is_valid():
        return 400
    try:
        record_choice_by_officer(
            referral_id=referral_id,
            said=form.said(),
            actor=request.actor,
            now=request.received_at,
        )
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        record_refusal(request, refusal, "record_choice")
        return refusal.status
    return 302
