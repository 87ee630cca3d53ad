"""The central team suspends an establishment, and lifts a suspension."""

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
from providers.models import Establishment
from qualification.forms.suspending import ReinstateForm, SuspendForm
from qualification.models import Qualification, Suspension
from qualification.queries.qualified import suspensions_in_force
from qualification.services import lifting, suspending


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SUSPEND)
def suspend(request: Any, establishment_id: UUID) -> HttpResponse:
    establishment = get_object_or_404(Establishment, pk=establishment_id)
    form = SuspendForm(
        request.POST if request.method == "POST" else None,
        named=lifting.can_be_named(establishment_id),
    )
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            suspending.suspend(
                establishment_id=establishment_id,
                cause=form.cleaned_data["cause"],
                reason=form.cleaned_data["reason"],
                failed=form.cleaned_data["failed"],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "suspend")
            status = refusal.status
        else:
            messages.success(
                request, f"{establishment.name} is suspended. We are telling everybody."
            )
            return redirect("providers:establishment", establishment_id=establishment_id)
    listed = Qualification.objects.filter(establishment=establishment, ended_at__isnull=True)
    context = {
        "establishment": establishment,
        "form": form,
        "categories": [each.category.name for each in listed.select_related("category")],
        "in_force": suspensions_in_force([establishment.pk]).get(establishment.pk, []),
    }
    return render(request, "qualification/suspend.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REINSTATE)
def reinstate(request: Any, suspension_id: UUID) -> HttpResponse:
    related = Suspension.objects.select_related("establishment", "suspended_by", "lifted_by")
    suspension = get_object_or_404(related, pk=suspension_id)
    establishment = suspension.establishment
    form = ReinstateForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            suspending.reinstate(
                suspension_id=suspension_id,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "reinstate")
            status = refusal.status
        else:
            messages.success(request, "The suspension is lifted. We are telling everybody.")
            return redirect("providers:establishment", establishment_id=establishment.pk)
    in_force = suspensions_in_force([establishment.pk]).get(establishment.pk, [])
    context = {
        "suspension": suspension,
        "establishment": establishment,
        "form": form,
        "is_lifted": suspension.lifted_at is not None,
        "others": [each for each in in_force if each.pk != suspension.pk],
    }
    return render(request, "qualification/reinstate.html", context, status=status)
