"""A council's referrals: the list, a new one, one with its stages, and its withdrawal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import NotUnderstood, Refusal
from dps.views.access import record_refusal, requires
from dps.views.downloads import MOST_ROWS, csv_file, xlsx_file
from referrals.filters import ReferralFilter
from referrals.forms.tasks import NewReferralForm, WithdrawForm
from referrals.models import Invitation, Referral
from referrals.presenters.check import asked_tables
from referrals.presenters.detail import (
    child_details_rows,
    history,
    links,
    next_words,
    summary_cards,
)
from referrals.presenters.lists import ReferralTable, stage_colour, stage_words
from referrals.presenters.stages import stage_panels
from referrals.queries.referrals import adopted_categories, asked
from referrals.services.identity import view_child
from referrals.services.raising import raise_referral
from referrals.services.withdrawing import withdraw_referral
from referrals.states import REFERRAL, ReferralState, ReferralStep
from referrals.views.form_pages import FormPage, posted, put_refusal, show_or_save


@require_safe
@requires(Action.VIEW_REFERRALS)
def referral_list(request: Any) -> HttpResponse:
    chosen = _filtered(request)
    table = ReferralTable(chosen.qs, now=request.received_at)
    table.show(request)
    context = {
        "filter": chosen,
        "table": table,
        "may_raise": may(request.actor, Action.RAISE_REFERRAL),
        "query": request.GET.urlencode(),
    }
    status = 200 if chosen.is_valid() else 400
    return render(request, "referrals/list.html", context, status=status)


@require_safe
@requires(Action.VIEW_REFERRALS)
def referral_csv(request: Any) -> HttpResponse:
    return csv_file("referrals", FILE_HEAD, _file_rows(request))


@require_safe
@requires(Action.VIEW_REFERRALS)
def referral_xlsx(request: Any) -> HttpResponse:
    return xlsx_file("referrals", FILE_HEAD, _file_rows(request))


FILE_HEAD = ["Reference", "Category", "Age", "Stage", "Bids close", "Raised by", "Raised"]


def _file_rows(request: Any) -> list[list[Any]]:
    """The list as filtered; no child's details, as in the list."""
    chosen = _filtered(request)
    if not chosen.is_valid():
        raise NotUnderstood("The filter cannot be read. Go back to the list and choose again")
    return [
        [
            one.reference,
            one.category.name,
            one.age,
            stage_words(one, request.received_at),
            one.bids_close_at,
            one.raised_by.name,
            one.raised_at,
        ]
        for one in chosen.qs[:MOST_ROWS]
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def new(request: Any) -> HttpResponse:
    categories = adopted_categories(request.actor.authority_id, london(request.received_at).date())
    form = NewReferralForm(posted(request), categories=categories)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            category_id = UUID(form.cleaned_data["category"])
            try:
                referral = raise_referral(
                    category_id=category_id, actor=request.actor, now=request.received_at
                )
            except Refusal as refusal:
                put_refusal(form, refusal)
                status = refusal.status
            else:
                return redirect("referrals:tasks", referral_id=referral.pk)
    return render(request, "referrals/new.html", {"form": form}, status=status)


@require_safe
@requires(Action.VIEW_REFERRALS)
def detail(request: Any, referral_id: UUID) -> HttpResponse:
    actor, now = request.actor, request.received_at
    referral = _with_names().get(pk=referral_id)
    if referral.state == ReferralState.DRAFT and may(actor, Action.RAISE_REFERRAL):
        return redirect("referrals:tasks", referral_id=referral.pk)
    invitations = Invitation.objects.filter(referral_id=referral.pk)
    answers = list(invitations.values_list("declined_at", flat=True))
    context = {
        "referral": referral,
        "stage": stage_words(referral, now),
        "colour": stage_colour(referral, now),
        "next": next_words(referral, now),
        "panels": stage_panels(referral, actor, now),
        "cards": summary_cards(referral),
        "asked": asked_tables(asked(referral)),
        "invited": len(answers),
        "declined": sum(answer is not None for answer in answers),
        "history": history(referral, now),
        "links": links(referral, actor),
    }
    return render(request, "referrals/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.VIEW_CHILD)
def child(request: Any, referral_id: UUID) -> HttpResponse:
    """Shown only when asked for, since each look is kept in the audit trail."""
    referral = Referral.objects.get(pk=referral_id)
    details = None
    if request.method == "POST":
        details = view_child(referral_id=referral.pk, actor=request.actor, now=request.received_at)
    context = {"referral": referral, "rows": child_details_rows(details) if details else []}
    return render(request, "referrals/child.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.WITHDRAW_REFERRAL)
def withdraw(request: Any, referral_id: UUID) -> HttpResponse:
    referral = Referral.objects.get(pk=referral_id)
    REFERRAL.after(ReferralState(referral.state), ReferralStep.WITHDRAW)
    form = WithdrawForm(posted(request))

    def save(form: Any) -> None:
        try:
            withdraw_referral(
                referral_id=referral.pk,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            record_refusal(request, refusal, "withdraw_referral")
            raise
        messages.success(request, f"{referral.reference} has been withdrawn")

    done = reverse("referrals:detail", args=[referral.pk])
    page = FormPage("referrals/withdraw.html", form, save, done, {"referral": referral})
    return show_or_save(request, page)


def _filtered(request: Any) -> ReferralFilter:
    return ReferralFilter(request.GET, queryset=_with_names(), now=request.received_at)


def _with_names() -> QuerySet[Referral]:
    return Referral.objects.select_related("category", "raised_by", "issued_by")
