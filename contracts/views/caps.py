"""Caps on core costs: which there are, and whom a new one would leave out before it is adopted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from contracts.forms import CapForm, LiftCapForm
from contracts.presenters import caps as words
from contracts.queries.cap_effects import effect_of
from contracts.queries.regional_awards import authorities
from contracts.services.caps import adopt_cap
from dps.actors import Actor
from dps.clock import london
from dps.models import Category
from dps.permissions import Action, may
from dps.views.access import requires
from qualification.models import Cap
from qualification.queries.caps import caps_from
from qualification.services.caps import lift_cap
from qualification.views.attempt import DONE, attempt, posted

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(Action.VIEW_MARKET)
def cap_list(request: Any) -> HttpResponse:
    today = london(request.received_at).date()
    changeable = _changeable(request.actor)
    context = {
        "head": words.HEAD,
        "caps": words.cap_rows(caps_from(today), today, changeable),
        "may_set": bool(changeable),
    }
    return render(request, "contracts/caps.html", context)


@require_http_methods(FORM_METHODS)
@requires(Action.SET_CAP)
def new_cap(request: Any) -> HttpResponse:
    """Typed, looked at with whom it leaves out, then adopted: "adopt" is the second button."""
    changeable = _changeable(request.actor)
    form = CapForm(
        posted(request),
        categories=Category.objects.order_by("position"),
        authorities=[each for each in authorities() if each.pk in changeable],
        may_be_common=None in changeable,
    )
    status = _adopt(request, form)
    if status == DONE:
        messages.success(request, "The cap is adopted. We are telling the providers above it.")
        return redirect("contracts:caps")
    context = {"form": form} | _effect(request.actor, form)
    return render(request, "contracts/cap.html", context, status=status)


def _adopt(request: Any, form: CapForm) -> int:
    """DONE if it was adopted; looking alone changes nothing."""
    if request.POST.get("do") != "adopt" and form.is_bound and form.is_valid():
        return 200
    return attempt(
        request,
        form,
        "adopt_cap",
        lambda: adopt_cap(
            category_id=Category.objects.get(code=form.cleaned_data["category"]).pk,
            authority_id=form.authority_id,
            year_pence=form.cleaned_data["year"],
            from_date=form.cleaned_data["from_date"],
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            actor=request.actor,
            now=request.received_at,
        ),
    )


def _effect(actor: Actor, form: CapForm) -> dict[str, Any]:
    """Whom it leaves out, as soon as the category and the amount can be read."""
    given = form.cleaned_data if form.is_bound else {}
    if not given.get("category") or not given.get("authority") or not given.get("year"):
        return {}
    category = Category.objects.get(code=given["category"])
    only = form.authority_id
    effect = effect_of(category, given["year"], authority_id=only, actor=actor)
    context = {"looked_at": True, "category": category, "is_common": only is None}
    return context | words.effect_words(effect)


@require_http_methods(FORM_METHODS)
@requires(Action.SET_CAP)
def lift(request: Any, cap_id: UUID) -> HttpResponse:
    cap = get_object_or_404(Cap.objects.select_related("category", "authority"), pk=cap_id)
    if cap.authority_id not in _changeable(request.actor):
        raise Http404
    form = LiftCapForm(posted(request))
    status = attempt(
        request,
        form,
        "lift_cap",
        lambda: lift_cap(
            cap_id=cap.pk, actor=request.actor, now=request.received_at, **form.cleaned_data
        ),
    )
    if status == DONE:
        messages.success(request, "The cap ends on that day.")
        return redirect("contracts:caps")
    return render(request, "contracts/cap_lift.html", {"cap": cap, "form": form}, status=status)


def _changeable(actor: Actor) -> set[int | None]:
    """The councils, None for all of them together, whose caps the actor may set."""
    if may(actor, Action.SET_UP_MARKET):
        return {None, *(each.pk for each in authorities())}
    return {actor.authority_id} if may(actor, Action.SET_CAP) else set()
