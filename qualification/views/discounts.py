"""The discounts of one establishment in one category."""

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
from qualification import fingerprints
from qualification.discounts import WORDS, DiscountKind
from qualification.forms.discounts import DiscountsForm
from qualification.presenters.costs import DISCOUNT_HEAD, discount_rows
from qualification.queries.applications import with_names
from qualification.queries.discounts import steps_of
from qualification.services.answering import ChangedMeanwhile
from qualification.services.discounting import set_discounts
from qualification.states import ApplicationState


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def discounts(request: Any, application_id: UUID) -> HttpResponse:
    """What is taken off for siblings and for a group."""
    application = get_object_or_404(with_names(), pk=application_id)
    if request.method != "POST" and application.state != ApplicationState.DRAFT:
        return redirect("qualification:application", application_id=application_id)
    saved = steps_of(application_id)
    form = DiscountsForm(
        request.POST if request.method == "POST" else None,
        steps=saved,
        initial={"seen": fingerprints.of_discounts(saved)},
    )
    status, others = 200, list[list[str]]()
    if form.is_bound:
        refusal = _save(request, application_id, form)
        if form.is_valid() and refusal is None:
            messages.success(request, "Discounts saved.")
            return redirect("qualification:core_costs", application_id=application_id)
        status = refusal.status if refusal else 400
        if isinstance(refusal, ChangedMeanwhile):
            others = _saw_again(form, application_id)
    context = {
        "application": application,
        "form": form,
        "kinds": [(WORDS[kind], form.rows(kind)) for kind in DiscountKind],
        "others": others,
        "discount_head": DISCOUNT_HEAD,
    }
    return render(request, "qualification/discounts.html", context, status=status)


def _save(request: Any, application_id: UUID, form: DiscountsForm) -> Refusal | None:
    """Why not, with a message in the form; None where it is saved or the form is not valid."""
    if not form.is_valid():
        return None
    try:
        set_discounts(
            application_id=application_id,
            steps=form.steps(),
            seen=form.cleaned_data["seen"] or None,
            actor=request.actor,
            now=request.received_at,
        )
    except Refusal as refusal:
        form.add_error(form.field_of(refusal.field), refusal.message)
        record_refusal(request, refusal, "set_discounts")
        return refusal
    return None


def _saw_again(form: Any, application_id: UUID) -> list[list[str]]:
    """What somebody else has saved: the next saving knows of it."""
    stored = steps_of(application_id)
    form.data = form.data.copy()
    form.data["seen"] = fingerprints.of_discounts(stored)
    return discount_rows(stored)
