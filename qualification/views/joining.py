"""One application of a provider: all of it at a glance, and one part of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.views.access import requires
from qualification.forms.joining import OverviewForm
from qualification.models import Application, Joining
from qualification.presenters import applying as words
from qualification.presenters import joining as table
from qualification.queries.applications import contents_of, with_names
from qualification.queries.joinings import points_to_clear
from qualification.queries.progress import (
    Followed,
    followed,
    progress_of_all,
    with_costs,
    with_facts,
)
from qualification.services.letters import outcome_of
from qualification.services.starting import remove_application
from qualification.states import WORDS, ApplicationState

PAGE_SIZE = 25
FEW = 4
"""So many are seen at a glance: no filter is offered."""
_S = ApplicationState


@require_safe
@requires(Action.PREPARE_APPLICATION)
def joining(request: Any, joining_id: UUID) -> HttpResponse:
    """Its steps; then establishment by section, what is done, what differs, what is missing."""
    every = follow(request, joining_id)
    if not every:
        empty = get_object_or_404(Joining, pk=joining_id)
        return render(request, "qualification/joining_empty.html", {"joining": empty})
    drafts = [each for each in every if each.application.state == _S.DRAFT]
    form = _filter(request, every)
    chosen = form.cleaned_data if form.is_valid() else dict.fromkeys(form.fields, "")
    left = table.narrowed(
        every,
        q=chosen.get("q") or "",
        category=chosen.get("category") or "",
        state=chosen.get("state") or "",
        missing=bool(chosen.get("missing")),
    )
    page = Paginator(left, PAGE_SIZE).get_page(request.GET.get("page"))
    sections = table.heads(drafts)
    context = {
        "joining": every[0].application.joining,
        "counts": table.counts(every),
        "drafts": len(drafts),
        "failing": table.failing(drafts),
        "steps": table.steps(joining_id, drafts) if drafts else None,
        "form": form,
        "sections": sections,
        "rows": table.matrix(page, sections),
        "page_obj": page,
        "is_narrowed": len(left) != len(every),
        "has_filter": len(every) > FEW,
        "number_left": len(left),
        "may_send": may(request.actor, Action.SUBMIT_APPLICATION),
    }
    return render(request, "qualification/joining.html", context)


def follow(request: Any, joining_id: UUID, *, has_costs: bool = False) -> list[Followed]:
    """All of a joining but the drafts that were removed, by name; with their costs if wanted."""
    found = with_costs(followed(joining_id)) if has_costs else followed(joining_id)
    rows = found.exclude(state=_S.WITHDRAWN, submitted_at__isnull=True)
    ordered = rows.order_by(
        "establishment__name", "establishment_id", "category__position", "category__code", "id"
    )
    return progress_of_all(ordered, london(request.received_at).date())


def drafts_of(request: Any, joining_id: UUID, *, has_costs: bool = False) -> list[Followed]:
    """Those of a joining that are still being written."""
    every = follow(request, joining_id, has_costs=has_costs)
    return [each for each in every if each.application.state == _S.DRAFT]


def _filter(request: Any, every: list[Followed]) -> OverviewForm:
    categories = {str(each.application.category_id): each.application.category for each in every}
    states = {each.application.state for each in every}
    return OverviewForm(
        request.GET,
        categories=[(key, each.name) for key, each in categories.items()],
        states=[(state.value, WORDS[state]) for state in WORDS if state.value in states],
    )


@require_safe
@requires(Action.PREPARE_APPLICATION)
def application(request: Any, application_id: UUID) -> HttpResponse:
    """One establishment in one category: its task list, or where it stands."""
    rows = with_facts(with_names().select_related("joining", "rule_set", "before"))
    one = get_object_or_404(rows, pk=application_id)
    if one.state != _S.DRAFT:
        return _where_it_stands(request, one)
    (each,) = progress_of_all([one], london(request.received_at).date())
    context = {
        "application": one,
        "tasks": table.part_tasks(each, _why_it_failed(one)),
        "failing": table.failing([each]),
        "missing": each.progress.missing,
        "is_put_right": one.before_id is not None,
        "before": one.before,
    }
    return render(request, "qualification/application.html", context)


def _why_it_failed(one: Application) -> dict[str, str]:
    """By the title of what has to be put right, what the letter says of it."""
    if one.before is None:
        return {}
    before = with_names().get(pk=one.before.pk)
    return {each.title: each.how for each in outcome_of(contents_of(before)).to_put_right}


def _where_it_stands(request: Any, one: Application) -> HttpResponse:
    contents = contents_of(one)
    context = {
        "application": one,
        "status": words.status_words(one),
        "points": [
            words.point(each, london(request.received_at).date())
            for each in points_to_clear(one.provider_id).filter(application=one)
        ],
        "questions": words.question_rows(contents),
        "statements": words.statement_rows(contents),
        "cost_head": words.COST_HEAD,
        "costs": words.cost_rows(contents.costed),
        "totals": words.totals_words(contents.totals),
        "may_send": may(request.actor, Action.SUBMIT_APPLICATION),
    }
    return render(request, "qualification/application_sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def remove(request: Any, application_id: UUID) -> HttpResponse:
    """Ask once more, then take a draft out of the joining."""
    one = get_object_or_404(with_names(), pk=application_id)
    if request.method == "POST":
        remove_application(
            application_id=application_id, actor=request.actor, now=request.received_at
        )
        messages.success(request, f"{one.establishment.name} ({one.category.name}) is taken out.")
        return redirect("qualification:joining", joining_id=one.joining_id)
    context = {"application": one, "is_draft": one.state == _S.DRAFT}
    return render(request, "qualification/remove.html", context)
