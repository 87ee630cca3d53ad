"""The core costs of one establishment in one category."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dps.clock import london
from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from qualification.core_costs import totals
from qualification.forms.costs import CopyForm, CoreCostsForm
from qualification.models import Discount
from qualification.presenters import applying as words
from qualification.presenters import costs as cost_words
from qualification.queries.applications import Costs, costs_of, with_names
from qualification.queries.cost_sources import with_costs_like
from qualification.queries.discounts import in_order
from qualification.queries.gathered import gathered, rows_of
from qualification.services.answering import ChangedMeanwhile
from qualification.services.costs import copy_core_costs, set_core_costs
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
    return _page(request, contents, form, others=others, status=status)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def core_cost_totals(request: Any, application_id: UUID) -> HttpResponse:
    """The totals of what is typed so far, as a piece of the page."""
    contents = _contents(application_id)
    form = _costs_form(request, contents)
    context = _totals(request, contents, form)
    return render(request, "qualification/core_cost_totals.html", context)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def copy_costs(request: Any, application_id: UUID) -> HttpResponse:
    """Take the costs of another establishment, in place of those that are saved here."""
    contents = _contents(application_id)
    copy = _copy_form(request.POST, contents)
    status = 400
    if copy.is_valid():
        try:
            copy_core_costs(
                application_id=application_id,
                from_application_id=UUID(copy.cleaned_data["source"]),
                seen=copy.cleaned_data["seen"] or None,
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            copy.add_error("source", refusal.message)
            record_refusal(request, refusal, "copy_core_costs")
            status = refusal.status
            if isinstance(refusal, ChangedMeanwhile):
                contents = _contents(application_id)
                _saw(copy, contents.costs_fingerprint)
        else:
            messages.success(request, "Costs copied and saved. Change below what differs here.")
            return redirect("qualification:core_costs", application_id=application_id)
    form = CoreCostsForm(None, initial={"seen": contents.costs_fingerprint}, costed=contents.costed)
    return _page(request, contents, form, copy=copy, status=status)


def _page(
    request: Any,
    contents: Costs,
    form: CoreCostsForm,
    *,
    copy: CopyForm | None = None,
    others: list[list[Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    application = contents.application
    copy = copy or _copy_form(None, contents)
    context = {
        "application": application,
        "form": copy if copy.is_bound else form,
        "costs": form,
        "copy": copy,
        "may_copy": bool(copy.choices) and _is_draft(contents),
        "schedules": cost_words.schedules(form),
        "others": others or [],
        "cost_head": words.COST_HEAD,
        "discount_head": cost_words.DISCOUNT_HEAD,
        "discounts": cost_words.discount_rows(
            in_order(rows_of(Discount, contents.application.offered))  # type: ignore[attr-defined]
        ),
        **_totals(request, contents, form),
    }
    return render(request, "qualification/core_costs.html", context, status=status)


def _costs_form(request: Any, contents: Costs) -> CoreCostsForm:
    return CoreCostsForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": contents.costs_fingerprint},
        costed=contents.costed,
    )


def _copy_form(data: Any, contents: Costs) -> CopyForm:
    return CopyForm(
        data,
        initial={"seen": contents.costs_fingerprint},
        choices=cost_words.copy_choices(with_costs_like(contents.application)),
        auto_id="copy_%s",
    )


def _totals(request: Any, contents: Costs, form: CoreCostsForm) -> dict[str, Any]:
    found, entries = contents.totals, list(contents.entries)
    if form.is_bound:
        form.is_valid()
        entries = form.entries()
        found = totals(entries, weeks=contents.totals.weeks)
    today = london(request.received_at).date()
    unread = form.unread() if form.is_bound else []
    return cost_words.worked_out(contents.application, entries, found, today) | {"unread": unread}


def _contents(application_id: UUID) -> Costs:
    offered = gathered(Discount.objects.filter(application_id=OuterRef("pk")))
    rows = with_names().select_related("joining").annotate(offered=offered)
    return costs_of(get_object_or_404(rows, pk=application_id))


def _is_draft(contents: Costs) -> bool:
    return contents.application.state == ApplicationState.DRAFT


def _saw(form: Any, mark: str) -> None:
    form.data = form.data.copy()
    form.data["seen"] = mark
