"""Checking an application, sending it, withdrawing it, starting again, reading the outcome."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.permissions import Action, may
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from qualification.deciding_time import DECIDED_WITHIN
from qualification.forms.joining import SendForm
from qualification.models import Application
from qualification.presenters import applying as words
from qualification.queries.applications import Contents, contents_of, with_names
from qualification.services.applying import (
    start_application,
    submit_application,
    withdraw_application,
)
from qualification.services.letters import letter_of, outcome_of
from qualification.states import DECIDED, IN_PROGRESS, ApplicationState


@require_safe
@requires(Action.PREPARE_APPLICATION)
def check(request: Any, application_id: UUID) -> HttpResponse:
    contents = contents_of(get_object_or_404(with_names(), pk=application_id))
    if contents.application.state != ApplicationState.DRAFT:
        return redirect("qualification:application", application_id=application_id)
    return _check_page(request, contents, SendForm(), status=200)


@require_POST
@requires(Action.SUBMIT_APPLICATION)
def submit(request: Any, application_id: UUID) -> HttpResponse:
    contents = contents_of(get_object_or_404(with_names(), pk=application_id))
    form = SendForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            submit_application(
                application_id=application_id, actor=request.actor, now=request.received_at
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            record_refusal(request, refusal, "submit_application")
            status = refusal.status
        else:
            return redirect("qualification:sent", application_id=application_id)
    return _check_page(request, contents, form, status=status)


def _check_page(request: Any, contents: Contents, form: SendForm, *, status: int) -> HttpResponse:
    is_draft = contents.application.state == ApplicationState.DRAFT
    context = {
        "application": contents.application,
        "form": form,
        "missing": contents.missing,
        "failing": [each.criterion.title for each in contents.failing],
        "questions": words.question_rows(contents, may_change=is_draft),
        "statements": words.statement_rows(contents, may_change=is_draft),
        "cost_head": words.COST_HEAD,
        "costs": words.cost_rows(contents.costed),
        "totals": words.totals_words(contents.totals),
        "working_days": DECIDED_WITHIN,
        "may_send": may(request.actor, Action.SUBMIT_APPLICATION),
    }
    return render(request, "qualification/check.html", context, status=status)


@require_safe
@requires(Action.PREPARE_APPLICATION)
def sent(request: Any, application_id: UUID) -> HttpResponse:
    """What happens next, after sending."""
    waiting = with_names().filter(state=ApplicationState.SUBMITTED)
    application = get_object_or_404(waiting, pk=application_id)
    context = {"application": application, "status": words.status_words(application)}
    return render(request, "qualification/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SUBMIT_APPLICATION)
def withdraw(request: Any, application_id: UUID) -> HttpResponse:
    """Ask once more, then withdraw."""
    application = get_object_or_404(with_names(), pk=application_id)
    if request.method == "POST":
        withdraw_application(
            application_id=application_id, actor=request.actor, now=request.received_at
        )
        messages.success(request, "The application is withdrawn. Your answers are kept.")
        return redirect("qualification:mine")
    context = {
        "application": application,
        "is_sent": application.state == ApplicationState.SUBMITTED,
        "may_withdraw": application.state in IN_PROGRESS,
    }
    return render(request, "qualification/withdraw.html", context)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def again(request: Any, application_id: UUID) -> HttpResponse:
    """Start again from an application that did not succeed, with its answers."""
    before = get_object_or_404(Application, pk=application_id)
    application = start_application(
        establishment_id=before.establishment_id,
        category_id=before.category_id,
        actor=request.actor,
        now=request.received_at,
    )
    messages.success(request, "We have copied your answers. Change what has to be put right.")
    return redirect("qualification:application", application_id=application.pk)


@require_safe
@requires(Action.PREPARE_APPLICATION)
def outcome(request: Any, application_id: UUID) -> HttpResponse:
    """The outcome letter as a page."""
    decided = with_names().filter(state__in=DECIDED)
    contents = contents_of(get_object_or_404(decided, pk=application_id))
    context = {
        "application": contents.application,
        "outcome": outcome_of(contents),
        "letter": letter_of(application_id),
    }
    return render(request, "qualification/outcome.html", context)
