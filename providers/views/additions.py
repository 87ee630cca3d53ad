"""Establishments that no register lists: a provider describes one, the central team decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from providers.forms.additions import AdditionForm, DecideAdditionForm
from providers.forms.establishments import CONFIRM
from providers.models import Addition
from providers.presenters import claiming as words
from providers.services.additions import (
    Wanted,
    ask_for_addition,
    confirm_addition,
    refuse_addition,
)
from providers.states import ClaimState


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.CLAIM_ESTABLISHMENT)
def add(request: Any) -> HttpResponse:
    form = AdditionForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        wanted = Wanted(**form.cleaned_data)
        try:
            ask_for_addition(wanted, actor=request.actor, now=request.received_at)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "add_establishment")
            status = refusal.status
        else:
            messages.success(
                request,
                f"You have told us of {wanted.name}. The contract team checks it and we email you.",
            )
            return redirect("providers:mine")
    return render(request, "providers/add_establishment.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECIDE_CLAIM)
def decide(request: Any, addition_id: UUID) -> HttpResponse:
    related = Addition.objects.select_related("provider", "asked_by", "establishment")
    addition = get_object_or_404(related, pk=addition_id)
    form = DecideAdditionForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            _decide(addition, form.cleaned_data, request)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            record_refusal(request, refusal, "decide_addition")
            status = refusal.status
        else:
            messages.success(request, "Decided. We have told the provider by email.")
            return redirect("providers:claims")
    context = {
        "addition": addition,
        "form": form,
        "is_waiting": addition.state == ClaimState.WAITING,
        "establishment_rows": words.addition_rows(addition),
        "provider_rows": words.asker_rows(addition),
        "outcome": words.outcome(addition),
    }
    return render(request, "providers/decide_addition.html", context, status=status)


def _decide(addition: Addition, typed: dict[str, Any], request: Any) -> None:
    asked = {"addition_id": addition.pk, "actor": request.actor, "now": request.received_at}
    if typed["decision"] == CONFIRM:
        confirm_addition(**asked)
    else:
        refuse_addition(**asked, reason=typed["reason"])
