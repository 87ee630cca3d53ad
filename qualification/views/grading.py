"""What an evaluator does alone. No page here reads a price, a cost or another's grade."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import requires
from qualification.forms.grading import ConflictForm, GradeForm, KeptGradeForm
from qualification.forms.words import YES
from qualification.models import Evaluator
from qualification.presenters.evaluation import in_names, topics
from qualification.presenters.grading import LIST_HEAD, Progress, list_rows, progress_of
from qualification.queries.evaluation import Statement, statements_of, to_grade_by
from qualification.services.evaluators import declare
from qualification.services.grading import hand_in_grades, keep_grade, save_grade
from qualification.views.page_forms import posted, save


@require_safe
@requires(Action.GRADE_APPLICATION)
def waiting(request: Any) -> HttpResponse:
    """The applications that this person is asked to grade."""
    mine = list(to_grade_by(request.actor.person_id))
    context = {"head": LIST_HEAD, "rows": list_rows(mine, request.actor.person_id)}
    return render(request, "qualification/grading/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.GRADE_APPLICATION)
def overview(request: Any, joining_id: UUID) -> HttpResponse:
    """The declaration first; after it the statements and how far they are."""
    one = _own(request, joining_id)
    form = ConflictForm(posted(request))
    status = save(request, form, lambda typed: _declare(request, joining_id, typed), "declare")
    if status == 303:
        if form.cleaned_data["has_conflict"] == YES:
            messages.success(request, "Thank you. You do not grade this application.")
            return redirect("qualification:grading")
        return redirect("qualification:grading_one", joining_id=joining_id)
    has_declared = one.declared_at is not None
    context = {
        "evaluator": one,
        "form": form,
        "progress": _progress(request, joining_id) if has_declared else None,
    }
    return render(request, "qualification/grading/overview.html", context, status=status)


def _declare(request: Any, joining_id: UUID, typed: dict[str, Any]) -> object:
    return declare(
        joining_id=joining_id,
        has_conflict=typed["has_conflict"] == YES,
        conflict=typed["conflict"],
        actor=request.actor,
        now=request.received_at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.GRADE_APPLICATION)
def grade(request: Any, joining_id: UUID, answer_id: UUID) -> HttpResponse:
    """One statement, its published question and descriptors, and the person's own grade."""
    one = _own(request, joining_id)
    if one.declared_at is None:
        return redirect("qualification:grading_one", joining_id=joining_id)
    progress = _progress(request, joining_id)
    found = next((each for each in progress.statements if each.answer.id == answer_id), None)
    if found is None:
        raise Http404
    own = progress.own(found)
    initial = {"grade": own.grade, "reason": own.reason} if own else {}
    form = GradeForm(posted(request), initial=initial)
    status = save(
        request,
        form,
        lambda typed: save_grade(
            answer_id=answer_id,
            grade=typed["grade"],
            reason=typed["reason"],
            actor=request.actor,
            now=request.received_at,
        ),
        "save_grade",
    )
    if status == 303:
        messages.success(request, f"Your grade for “{found.question.title}” is saved.")
        return _to_next(request, joining_id, found)
    context = {
        "evaluator": one,
        "statement": found,
        "form": form,
        "own": own,
        "topics": topics(found.question.topics),
        "names": in_names(found.applications),
        "is_final": not progress.may_change(found),
    }
    return render(request, "qualification/grading/grade.html", context, status=status)


def _to_next(request: Any, joining_id: UUID, done: Statement) -> HttpResponse:
    for each in _progress(request, joining_id).to_do:
        if each.answer.id != done.answer.id:
            return redirect("qualification:grade_statement", joining_id, each.answer.id)
    return redirect("qualification:grading_one", joining_id=joining_id)


@require_POST
@requires(Action.GRADE_APPLICATION)
def keep(request: Any, joining_id: UUID, answer_id: UUID) -> HttpResponse:
    """Keep a grade while its reason is being typed."""
    form = KeptGradeForm(request.POST)
    _own(request, joining_id)
    if not form.is_valid():
        return HttpResponse(status=400)
    try:
        keep_grade(
            answer_id=answer_id,
            grade=form.cleaned_data["grade"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=request.received_at,
        )
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=204)


@require_POST
@requires(Action.GRADE_APPLICATION)
def hand_in(request: Any, joining_id: UUID) -> HttpResponse:
    hand_in_grades(joining_id=joining_id, actor=request.actor, now=request.received_at)
    messages.success(request, "Your grades are handed in. Thank you.")
    return redirect("qualification:grading_one", joining_id=joining_id)


def _own(request: Any, joining_id: UUID) -> Evaluator:
    """The person's own part; who was not asked, or was taken off, finds nothing here."""
    rows = to_grade_by(request.actor.person_id).filter(joining_id=joining_id)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _progress(request: Any, joining_id: UUID) -> Progress:
    found = [each for each in statements_of(joining_id, for_team=False) if not each.is_for_panel]
    return progress_of(found, request.actor.person_id)
