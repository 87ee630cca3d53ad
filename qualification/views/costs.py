"""The core costs of one establishment in one category."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from qualification.core_costs import totals
from qualification.forms.costs import CoreCostsForm
from qualification.presenters import applying as words
from qualification.queries.applications import Contents, contents_of, with_names
from qualification.services.answering import ChangedMeanwhile
from qualification.services.costs import set_core_costs
from qualification.states import ApplicationState


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def core_costs(request: Any, application_id: UUID) -> HttpResponse:
    """The cost schedule; one button saves it, another only works out the totals."""
    contents = _contents(application_id)
    if request.method != "POST" and not _is_draft(contents):
        return redirect("qualification:application", application_id=application_id)
    form = _costs_form(request, contents)
    status = 400 if form.is_bound and not form.is_valid() else 200
    others: list[list[Any]] = []
    if form.is_bound and form.is_valid() and "totals" not in request.POST:
        try:
            set_core_costs(
                application_id=application_id,
                lines=form.entries(),
                seen=form.cleaned_data["seen"] or None,
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            record_refusal(request, refusal, "set_core_costs")
            status = refusal.status
            if isinstance(refusal, ChangedMeanwhile):
                stored = _contents(application_id)
                _saw(form, stored.costs_fingerprint)
                others = words.cost_rows(stored.costed)
        else:
            messages.success(request, "Core costs saved.")
            return redirect("qualification:joining", joining_id=contents.application.joining_id)
    context = {
        "application": contents.application,
        "form": form,
        "others": others,
        "cost_head": words.COST_HEAD,
        **_totals(contents, form),
    }
    return render(request, "qualification/core_costs.html", context, status=status)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def core_cost_totals(request: Any, application_id: UUID) -> HttpResponse:
    """The totals of what is typed so far, as a piece of the page."""
    contents = _contents(application_id)
    form = _costs_form(request, contents)
    return render(request, "qualification/core_cost_totals.html", _totals(contents, form))


def _costs_form(request: Any, contents: Contents) -> CoreCostsForm:
    return CoreCostsForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": contents.costs_fingerprint},
        costed=contents.costed,
    )


def _totals(contents: Contents, form: CoreCostsForm) -> dict[str, Any]:
    found = contents.totals
    if form.is_bound:
        form.is_valid()
        found = totals(form.entries(), weeks=contents.totals.weeks)
    unread = form.unread() if form.is_bound else []
    return {"totals": words.totals_words(found), "unread": unread}


def _contents(application_id: UUID) -> Contents:
    return contents_of(get_object_or_404(with_names().select_related("joining"), pk=application_id))


def _is_draft(contents: Contents) -> bool:
    return contents.application.state == ApplicationState.DRAFT


def _saw(form: Any, mark: str) -> None:
    form.data = form.data.copy()
    form.data["seen"] = mark
