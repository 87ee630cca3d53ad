"""The central team: which applications wait, reading one, grading it, deciding on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from providers.models import Claim
from qualification.forms import YES, DecisionForm, GradeForm
from qualification.models import Application
from qualification.presenters import applying as cost_words
from qualification.presenters import deciding as words
from qualification.presenters.checking import register_rows
from qualification.queries import applications
from qualification.queries.applications import Answered, Contents, contents_of, with_names
from qualification.services.deciding import (
    decide,
    grade_statement,
    score_of,
    why_it_cannot_qualify,
)
from qualification.services.letters import letter_of
from qualification.states import ApplicationState

PAGE_SIZE = 25


@require_safe
@requires(Action.VIEW_APPLICATIONS)
def queue(request: Any) -> HttpResponse:
    """What waits, the oldest first; below it what has been decided, the latest first."""
    today = london(request.received_at).date()
    waiting = Paginator(applications.waiting_for_decision(), PAGE_SIZE)
    decided = Paginator(applications.decided(), PAGE_SIZE)
    waiting_page = waiting.get_page(request.GET.get("page"))
    decided_page = decided.get_page(request.GET.get("decided"))
    context = {
        "waiting_head": words.QUEUE_HEAD,
        "waiting": [words.queue_row(each, today) for each in waiting_page],
        "waiting_page": waiting_page,
        "decided_head": words.DECIDED_HEAD,
        "decided": [words.decided_row(each) for each in decided_page],
        "decided_page": decided_page,
    }
    return render(request, "qualification/queue.html", context)


@require_safe
@requires(Action.VIEW_APPLICATIONS)
def review(request: Any, application_id: UUID) -> HttpResponse:
    """One application with all that is in it."""
    contents = _contents(application_id)
    application = contents.application
    is_waiting = application.state == ApplicationState.SUBMITTED
    claims = Claim.objects.filter(
        provider_id=application.provider_id, establishment_id=application.establishment_id
    )
    context = {
        "application": application,
        "facts": words.facts(application, claims.order_by("-claimed_at").first()),
        "register": register_rows(application.establishment),
        "questions": words.questions(contents, london(request.received_at).date()),
        "statements": words.statements(contents),
        "cost_head": cost_words.COST_HEAD,
        "costs": cost_words.cost_rows(contents.costed),
        "totals": cost_words.totals_words(contents.totals),
        "score": None if contents.ungraded else score_of(contents),
        "is_waiting": is_waiting,
        "in_the_way": why_it_cannot_qualify(application, contents) if is_waiting else [],
        "may_grade": is_waiting and may(request.actor, Action.GRADE_APPLICATION),
        "may_decide": is_waiting and may(request.actor, Action.DECIDE_APPLICATION),
        "letter": None if is_waiting else letter_of(application.pk),
        "may_read_letter": may(request.actor, Action.READ_DOCUMENT),
    }
    return render(request, "qualification/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.GRADE_APPLICATION)
def grade(request: Any, application_id: UUID, answer_id: UUID) -> HttpResponse:
    """Grade one statement, then go on to the next that has no grade."""
    contents, each = _statement(application_id, answer_id)
    graded = each.grade
    form = GradeForm(
        request.POST if request.method == "POST" else None,
        initial={"grade": graded.grade, "reason": graded.reason} if graded else None,
    )
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            grade_statement(
                answer_id=answer_id,
                grade=form.cleaned_data["grade"],
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "grade_statement")
            status = refusal.status
        else:
            messages.success(request, f"Your grade for “{each.criterion.title}” is saved.")
            return _to_next(contents, each)
    context = {"application": contents.application, "each": each, "form": form}
    return render(request, "qualification/grade.html", context, status=status)


def _to_next(contents: Contents, done: Answered) -> HttpResponse:
    application_id = contents.application.pk
    for each in contents.ungraded:
        if each.answer and each.criterion.pk != done.criterion.pk:
            return redirect("qualification:grade", application_id, each.answer.pk)
    return redirect("qualification:review", application_id=application_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECIDE_APPLICATION)
def decision(request: Any, application_id: UUID) -> HttpResponse:
    """Qualifies, or does not; with the reason that goes into the letter."""
    contents = _contents(application_id)
    application = contents.application
    form = DecisionForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            decided = decide(
                application_id=application_id,
                qualifies=form.cleaned_data["decision"] == YES,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "decide_application")
            status = refusal.status
        else:
            messages.success(request, _told(decided))
            return redirect("qualification:review", application_id=application_id)
    context = {
        "application": application,
        "form": form,
        "is_waiting": application.state == ApplicationState.SUBMITTED,
        "in_the_way": why_it_cannot_qualify(application, contents),
        "score": None if contents.ungraded else score_of(contents),
    }
    return render(request, "qualification/decision.html", context, status=status)


def _told(application: Application) -> str:
    name, category = application.establishment.name, application.category.name
    if application.state == ApplicationState.QUALIFIED:
        return f"{name} is on the list for {category}. We have told the provider by email."
    return f"{name} does not qualify for {category}. We have told the provider by email."


def _contents(application_id: UUID) -> Contents:
    """What was sent once; the database shows the central team no draft."""
    sent = with_names().select_related("submitted_by", "decided_by", "establishment__provider")
    listed = sent.prefetch_related("establishment__inspections")
    return contents_of(get_object_or_404(listed, pk=application_id))


def _statement(application_id: UUID, answer_id: UUID) -> tuple[Contents, Answered]:
    contents = _contents(application_id)
    for each in contents.statements:
        if each.answer and each.answer.pk == answer_id:
            return contents, each
    raise Http404
