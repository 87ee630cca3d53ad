"""The central team's work: the list, what was decided, and one joining with its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import NotUnderstood, Refusal
from dps.views.access import record_refusal, requires
from qualification.forms.deciding import WorkFilterForm
from qualification.models import Application, Joining
from qualification.presenters import deciding as words
from qualification.presenters import evaluation as rows
from qualification.queries import applications
from qualification.queries.applications import with_names
from qualification.queries.evaluation import with_progress
from qualification.queries.joining_work import (
    inspection_rules_of,
    joinings,
    parts_of,
    statement_lines,
    worries_about,
)
from qualification.queries.work_list import Work, work_for
from qualification.services.agreeing import moderate
from qualification.services.checking import pass_stage_one
from qualification.states import DECIDED, WITH_THE_TEAM, ApplicationState

PAGE_SIZE = 25
APPLICATIONS_A_PAGE = 40
"""So many can be ticked, and decided together, in one go."""
PASS, MODERATE, DECIDE = "pass", "moderate", "decide"
OPEN_STAGES = (ApplicationState.EVALUATION, ApplicationState.MODERATED)


@dataclass(frozen=True)
class Filter:
    """What `govuk_filter` shows beside the list."""

    form: WorkFilterForm


@require_safe
@requires(Action.VIEW_APPLICATIONS)
def queue(request: Any) -> HttpResponse:
    """What the team works on: what waits for this person first, then the oldest."""
    today = london(request.received_at).date()
    works = work_for(request.actor.person_id, today)
    form = WorkFilterForm(request.GET, categories=words.categories_in(works))
    found = [one for one in works if _fits(one, form.cleaned_data)] if form.is_valid() else works
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filter": Filter(form),
        "head": words.WORK_HEAD,
        "rows": [words.work_row(one, today) for one in page],
        "page": page,
        "number": len(found),
        "of": len(works),
        "own": [
            {"text": words.work_name(one), "href": words.work_page(one), "hint": "; ".join(one.own)}
            for one in works
            if one.own
        ],
        "may_grade": may(request.actor, Action.GRADE_APPLICATION),
        "may_review": may(request.actor, Action.PROPOSE_REVIEW),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "qualification/team/queue.html", context, status=status)


def _fits(work: Work, wanted: dict[str, Any]) -> bool:
    text = wanted["search"].strip().casefold()
    return (
        (not wanted["stage"] or bool(work.states & set(wanted["stage"])))
        and (
            not wanted["category"]
            or any(str(one.category_id) in wanted["category"] for one in work.applications)
        )
        and (not wanted["risk"] or bool(work.worries))
        and (
            not text
            or any(
                text in name.casefold()
                for one in work.applications
                for name in (one.establishment.name, one.provider.name)
            )
        )
    )


@require_safe
@requires(Action.VIEW_APPLICATIONS)
def decided(request: Any) -> HttpResponse:
    """What was decided, the latest first."""
    page = Paginator(applications.decided(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "head": words.DECIDED_HEAD,
        "rows": [words.decided_row(each) for each in page],
        "page": page,
    }
    return render(request, "qualification/team/decided.html", context)


@require_safe
@requires(Action.VIEW_APPLICATIONS)
def joining(request: Any, joining_id: UUID) -> HttpResponse:
    """All that a provider applies for in one go, who grades it, and what comes next."""
    one: Any = get_object_or_404(joinings(), pk=joining_id)
    today = london(request.received_at).date()
    pages = Paginator(parts_of(joining_id), APPLICATIONS_A_PAGE)
    pages.count = one.parts  # Known already: not counted again.
    page = pages.get_page(request.GET.get("page"))
    shown, rules = list(page), inspection_rules_of(one)
    lines = statement_lines(joining_id, states=OPEN_STAGES)
    context = {
        "joining": one,
        "page": page,
        "counts": words.stage_counts(shown),
        "kinds": words.kinds_of_steps(shown),
        "applications": [
            rows.application_row(each, worries_about(each, rules, today)) for each in shown
        ],
        "evaluators": rows.evaluator_rows(with_progress(joining_id)),
        "statements_head": rows.STATEMENTS_HEAD,
        "statements": rows.statement_rows(lines, may_agree=may(request.actor, Action.AGREE_GRADES)),
        "is_graded": any(each.state in OPEN_STAGES for each in shown),
        "is_open": any(each.state in WITH_THE_TEAM for each in shown),
        "may_work": may(request.actor, Action.CHECK_APPLICATION),
        "is_decided": all(each.state in DECIDED for each in shown),
    }
    return render(request, "qualification/team/joining.html", context)


@require_POST
@requires(Action.CHECK_APPLICATION)
def step(request: Any, joining_id: UUID) -> HttpResponse:
    """Do one step with every application that is ticked; what cannot be done is said, by name."""
    get_object_or_404(Joining, pk=joining_id)
    ids = _ticked(request.POST.getlist("application"))
    found = list(with_names().filter(joining_id=joining_id, id__in=ids).order_by("id"))
    wanted = request.POST.get("step")
    here = reverse("qualification:joining_work", args=[joining_id])
    if not found:
        messages.warning(request, "Tick the applications first.")
        return redirect(here)
    if wanted == DECIDE:
        query = urlencode([("a", str(one.id)) for one in found])
        return redirect(f"{reverse('qualification:decide_together', args=[joining_id])}?{query}")
    if wanted == PASS:
        _do(request, found, pass_stage_one, "passed stage 1. The statements are graded next")
    elif wanted == MODERATE:
        _do(request, found, moderate, "agreed grades. Somebody other than you decides next")
    else:
        raise NotUnderstood
    return redirect(here)


def _do(request: Any, found: Iterable[Application], act: Callable[..., object], done: str) -> None:
    number = 0
    for one in found:
        try:
            with transaction.atomic():
                act(application_id=one.id, actor=request.actor, now=request.received_at)
        except Refusal as refusal:
            record_refusal(request, refusal, act.__name__)
            messages.warning(request, f"{words.name_of(one)}: {refusal.message}.")
        else:
            number += 1
    if number:
        what = "1 application has" if number == 1 else f"{number} applications have"
        messages.success(request, f"{what} {done}.")


def _ticked(values: Iterable[str]) -> list[UUID]:
    try:
        return [UUID(value) for value in values][:APPLICATIONS_A_PAGE]
    except ValueError:
        raise NotUnderstood from None
