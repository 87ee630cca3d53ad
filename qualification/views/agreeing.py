"""Moderation: all grades side by side, the consensus; the young people's panel; opening again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from dps.permissions import Action
from dps.refusals import NotUnderstood
from dps.views.access import requires
from qualification.forms.deciding import ReopenForm
from qualification.forms.grading import AgreedForm, PanelForm
from qualification.presenters import evaluation as words
from qualification.queries.applications import with_names
from qualification.queries.evaluation import Statement, statement
from qualification.services.agreeing import COUNTED, agree, grade_again, grade_for_panel
from qualification.states import ApplicationState
from qualification.views.page_forms import posted, save

GRADED_IN = (ApplicationState.EVALUATION, *COUNTED)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.AGREE_GRADES)
def agreed(request: Any, answer_id: UUID) -> HttpResponse:
    """The evaluators' grades beside each other, and the grade that counts."""
    one = _statement(answer_id, for_panel=False)
    form = AgreedForm(posted(request), is_far_apart=one.is_far_apart, initial=_initial(one))
    status = save(
        request,
        form,
        lambda typed: agree(
            answer_id=answer_id,
            grade=typed["grade"],
            reason=typed["reason"],
            note=typed.get("note", ""),
            seen=_moment(typed["seen"]),
            actor=request.actor,
            now=request.received_at,
        ),
        "agree",
    )
    if status == 303:
        return _saved(request, one)
    context = _context(one) | {
        "form": form,
        "grades_head": words.GRADES_HEAD,
        "grades": words.grade_rows(one) if one.are_in else [],
        "chart": words.grade_chart(one) if one.are_in and one.grades else None,
    }
    return render(request, "qualification/team/agree.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.GRADE_FOR_PANEL)
def panel(request: Any, answer_id: UUID) -> HttpResponse:
    """The young people's own page, in plain words; an officer sits with them and types."""
    one = _statement(answer_id, for_panel=True)
    form = PanelForm(posted(request), initial=_initial(one))
    status = save(
        request,
        form,
        lambda typed: grade_for_panel(
            answer_id=answer_id,
            grade=typed["grade"],
            reason=typed["reason"],
            seen=_moment(typed["seen"]),
            actor=request.actor,
            now=request.received_at,
        ),
        "grade_for_panel",
    )
    if status == 303:
        return _saved(request, one)
    context = _context(one) | {"form": form, "topics": words.topics(one.question.topics)}
    return render(request, "qualification/team/panel.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.AGREE_GRADES)
def reopen(request: Any, application_id: UUID) -> HttpResponse:
    """Back from waiting for a decision to being graded, with the reason."""
    application = get_object_or_404(with_names(), pk=application_id)
    form = ReopenForm(posted(request))
    status = save(
        request,
        form,
        lambda typed: grade_again(
            application_id=application_id,
            reason=typed["reason"],
            actor=request.actor,
            now=request.received_at,
        ),
        "grade_again",
    )
    if status == 303:
        messages.success(request, "The grading is open again. Agreed grades can be changed.")
        return redirect("qualification:joining_work", joining_id=application.joining_id)
    context = {
        "application": application,
        "form": form,
        "is_moderated": application.state == ApplicationState.MODERATED,
    }
    return render(request, "qualification/team/reopen.html", context, status=status)


def _statement(answer_id: UUID, *, for_panel: bool) -> Statement:
    found = statement(answer_id, states=GRADED_IN)
    if found is None or found.is_for_panel != for_panel:
        raise Http404
    return found


def _initial(one: Statement) -> dict[str, Any]:
    if one.agreed is None:
        return {}
    return {
        "grade": one.agreed.grade,
        "reason": one.agreed.reason,
        "note": one.agreed.note,
        "seen": one.agreed.agreed_at.isoformat(),
    }


def _context(one: Statement) -> dict[str, Any]:
    is_open = any(each.state == ApplicationState.EVALUATION for each in one.applications)
    counted = one.agreed is not None and any(each.state in COUNTED for each in one.applications)
    return {
        "statement": one,
        "joining": one.answer.joining,
        "names": words.in_names(one.applications),
        "may_save": is_open and not counted,
    }


def _saved(request: Any, one: Statement) -> HttpResponse:
    messages.success(request, f"The grade for “{one.question.title}” is saved.")
    return redirect("qualification:joining_work", joining_id=one.answer.joining_id)


def _moment(text: str) -> datetime | None:
    """When the agreed grade was made that the officer has seen; the page's own hidden field."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstood from None
