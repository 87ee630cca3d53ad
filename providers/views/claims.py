"""The central team decides who runs which establishment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from providers.forms.establishments import CONFIRM, DecideClaimForm
from providers.models import Claim
from providers.presenters import claiming as words
from providers.queries import claims
from providers.services.claims import confirm_claim, refuse_claim
from providers.states import ClaimState

PAGE_SIZE = 25


@require_safe
@requires(Action.DECIDE_CLAIM)
def queue(request: Any) -> HttpResponse:
    decided = Paginator(claims.decided_claims(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "waiting_head": words.WAITING_HEAD,
        "waiting": [
            *(words.waiting_row(claim) for claim in claims.waiting_claims()),
            *(words.addition_row(addition) for addition in claims.waiting_additions()),
        ],
        "decided_head": words.DECIDED_HEAD,
        "decided": [words.decided_row(claim) for claim in decided],
        "page_obj": decided,
    }
    return render(request, "providers/claims.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECIDE_CLAIM)
def decide(request: Any, claim_id: UUID) -> HttpResponse:
    related = Claim.objects.select_related("provider", "establishment__provider", "claimed_by")
    claim = get_object_or_404(related, pk=claim_id)
    form = DecideClaimForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            _decide(claim, form.cleaned_data, request)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "decide_claim")
            status = refusal.status
        else:
            messages.success(request, "Decided. We have told the provider by email.")
            return redirect("providers:claims")
    context = {
        "claim": claim,
        "form": form,
        "is_waiting": claim.state == ClaimState.WAITING,
        "establishment_rows": words.establishment_rows(claim.establishment),
        "provider_rows": words.provider_rows(claim),
        "outcome": words.outcome(claim),
    }
    return render(request, "providers/decide_claim.html", context, status=status)


def _decide(claim: Claim, typed: dict[str, Any], request: Any) -> None:
    asked = {"claim_id": claim.pk, "actor": request.actor, "now": request.received_at}
    if typed["decision"] == CONFIRM:
        confirm_claim(**asked)
    else:
        refuse_claim(**asked, reason=typed["reason"])
