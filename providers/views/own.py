"""A provider's own establishments: claiming them, their certificates and their vacancies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from providers.forms.establishments import ClaimSearchForm, PlacesForm
from providers.models import Establishment
from providers.presenters import own as words
from providers.queries import claims
from providers.queries.evidence import latest_of
from providers.services.claims import claim_establishment
from providers.services.establishments import say_places


@require_safe
@requires(Action.MANAGE_ESTABLISHMENTS)
def mine(request: Any) -> HttpResponse:
    found = list(claims.establishments_of(request.actor.provider_id))
    held = latest_of(one.pk for one in found)
    asked = claims.claims_of(request.actor.provider_id)
    today = london(request.received_at).date()
    context = {
        "head": words.HEAD,
        "rows": [words.row(one, held.get(one.pk, {}), today) for one in found],
        "claims_head": words.CLAIMS_HEAD,
        "claims": [
            *(words.addition_row(one) for one in claims.additions_of(request.actor.provider_id)),
            *(words.claim_row(claim) for claim in asked),
        ],
        "may_claim": may(request.actor, Action.CLAIM_ESTABLISHMENT),
    }
    return render(request, "providers/mine.html", context)


@require_safe
@requires(Action.CLAIM_ESTABLISHMENT)
def claim_search(request: Any) -> HttpResponse:
    """Find the establishment to claim; a GET, so that it can be gone back to."""
    form = ClaimSearchForm(request.GET if "search" in request.GET else None)
    found: list[Establishment] = []
    status = 200
    if form.is_bound:
        if form.is_valid():
            found = claims.claimable(form.cleaned_data["search"])
        else:
            status = 400
    context = {
        "form": form,
        "searched": form.is_bound and form.is_valid(),
        "head": words.FOUND_HEAD,
        "rows": [words.found_row(one, request.actor.provider_id) for one in found],
        "is_cut_off": len(found) == claims.MOST_FOUND,
    }
    return render(request, "providers/claim_search.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.CLAIM_ESTABLISHMENT)
def claim(request: Any, establishment_id: UUID) -> HttpResponse:
    one = get_object_or_404(Establishment, pk=establishment_id)
    refusal_words, status = "", 200
    if request.method == "POST":
        try:
            claim_establishment(
                establishment_id=one.pk, actor=request.actor, now=request.received_at
            )
        except Refusal as refusal:
            record_refusal(request, refusal, "claim_establishment")
            refusal_words, status = refusal.message, refusal.status
        else:
            messages.success(
                request,
                f"You have claimed {one.name}. The contract team checks it and we email you.",
            )
            return redirect("providers:mine")
    context = {"establishment": one, "refusal": refusal_words, "rows": words.claim_summary(one)}
    return render(request, "providers/claim.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_ESTABLISHMENTS)
def places(request: Any, establishment_id: UUID) -> HttpResponse:
    one = own_establishment(request, establishment_id)
    form = PlacesForm(
        request.POST if request.method == "POST" else None,
        initial={"places": one.places, "vacancies": one.vacancies},
    )
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            say_places(
                establishment_id=one.pk,
                **form.cleaned_data,
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "say_places")
            status = refusal.status
        else:
            messages.success(request, f"Places and vacancies of {one.name} are up to date.")
            return redirect("providers:mine")
    context = {"establishment": one, "form": form}
    return render(request, "providers/places.html", context, status=status)


def own_establishment(request: Any, establishment_id: UUID) -> Establishment:
    """The provider's own establishment; for anybody else there is no such page."""
    mine_alone = claims.establishments_of(request.actor.provider_id)
    return get_object_or_404(mine_alone, pk=establishment_id)
