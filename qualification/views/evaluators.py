"""Officers ask people to grade, and go on without those who do not hand in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from dps.permissions import Action
from dps.views.access import requires
from qualification.forms.grading import EvaluatorsForm, ReleaseForm
from qualification.models import Evaluator, Joining
from qualification.queries.evaluation import evaluators_of, people_who_grade
from qualification.services.evaluators import ask_evaluators, release_evaluator
from qualification.views.page_forms import posted, save


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASK_EVALUATORS)
def ask(request: Any, joining_id: UUID) -> HttpResponse:
    """Officers and evaluators of any council; whoever was asked is not offered again."""
    one = get_object_or_404(Joining.objects.select_related("provider"), pk=joining_id)
    asked = list(evaluators_of(joining_id))
    before = {each.person_id for each in asked}
    people = [each for each in people_who_grade() if each.person_id not in before]
    form = EvaluatorsForm(posted(request), people=people)
    status = save(
        request,
        form,
        lambda typed: ask_evaluators(
            joining_id=joining_id,
            person_ids=[UUID(each) for each in typed["people"]],
            actor=request.actor,
            now=request.received_at,
        ),
        "ask_evaluators",
    )
    if status == 303:
        number = len(form.cleaned_data["people"])
        messages.success(
            request,
            f"{number} {'person is' if number == 1 else 'people are'} asked to grade, by email.",
        )
        return redirect("qualification:joining_work", joining_id=joining_id)
    context = {
        "joining": one,
        "form": form,
        "people": people,
        "asked": [each for each in asked if each.released_at is None],
    }
    return render(request, "qualification/team/ask_evaluators.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASK_EVALUATORS)
def release(request: Any, evaluator_id: UUID) -> HttpResponse:
    rows = Evaluator.objects.select_related("person", "joining__provider")
    one = get_object_or_404(rows, pk=evaluator_id)
    form = ReleaseForm(posted(request))
    status = save(
        request,
        form,
        lambda typed: release_evaluator(
            evaluator_id=evaluator_id,
            reason=typed["reason"],
            actor=request.actor,
            now=request.received_at,
        ),
        "release_evaluator",
    )
    if status == 303:
        messages.success(request, f"{one.person.name} does not grade this application any more.")
        return redirect("qualification:joining_work", joining_id=one.joining_id)
    context = {"evaluator": one, "form": form}
    return render(request, "qualification/team/release_evaluator.html", context, status=status)
