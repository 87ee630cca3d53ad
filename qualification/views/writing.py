"""Answering: one question for all establishments, or differently for one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from dps.views.way_back import remember
from qualification import fingerprints
from qualification.forms.joining import DifferentlyForm, StatementForm, TypedForm, YesNoForm
from qualification.forms.words import YES
from qualification.grades import DESCRIPTORS
from qualification.models import Joining, Question
from qualification.presenters import answering as words
from qualification.presenters.answering import Asking
from qualification.presenters.joining import next_page, passed_now
from qualification.queries.progress import Followed
from qualification.services.answering import (
    ChangedMeanwhile,
    answer,
    answer_as_the_others,
    keep_typed,
)
from qualification.views.joining import drafts_of

FAILS = (
    "With this answer the establishment cannot qualify yet. You can go on with the other parts:"
    " put this right, then change your answer before you send it."
)
AnswerForm = YesNoForm | StatementForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def one_answer(
    request: Any, joining_id: UUID, question_id: UUID, establishment_id: UUID | None = None
) -> HttpResponse:
    """The answer common to all, or that of one establishment; saving goes on to the next part."""
    drafts = drafts_of(request, joining_id)
    asked = words.asking(drafts, question_id, establishment_id)
    if asked is None or asked.is_locked or asked.question.kind == Question.Kind.EXCLUSIONS:
        return _elsewhere(request, joining_id, question_id, asked)
    form = _form(request, asked)
    status = 400 if form.is_bound else 200
    others = ""
    if form.is_valid():
        try:
            _save(request, joining_id, asked, form)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "answer")
            status = refusal.status
            if isinstance(refusal, ChangedMeanwhile):
                others = _show_the_others(request, form, joining_id, asked)
        else:
            return redirect(_onwards(request, joining_id, asked, drafts))
    context = _context(joining_id, asked) | {"form": form, "others": others}
    if context.get("evidence"):
        number = context["joining"].number
        remember(request, f"Back to “{asked.question.title}” in application {number}")
    return render(request, "qualification/answer.html", context, status=status)


def _elsewhere(
    request: Any, joining_id: UUID, question_id: UUID, asked: Asking | None
) -> HttpResponse:
    """Where a question that cannot be answered here leads."""
    get_object_or_404(Joining, pk=joining_id)
    if asked is None:
        get_object_or_404(Question, pk=question_id)
        if request.method == "POST":
            return _too_late(request, joining_id, question_id)
        return redirect("qualification:joining", joining_id=joining_id)
    if asked.question.kind == Question.Kind.EXCLUSIONS:
        return redirect("qualification:grounds", joining_id=joining_id)
    messages.warning(request, "First complete stage 1. Then the rest opens.")
    return redirect("qualification:joining", joining_id=joining_id)


def _too_late(request: Any, joining_id: UUID, question_id: UUID) -> HttpResponse:
    """It was sent while it was being written: what was typed is shown, so that it is not lost."""
    question = get_object_or_404(Question, pk=question_id)
    joining = get_object_or_404(Joining, pk=joining_id)
    if not joining.applications.filter(rule_set__criteria__question=question).exists():
        raise Http404
    context = {"joining": joining, "question": question, "typed": request.POST.get("text", "")}
    return render(request, "qualification/answer_too_late.html", context, status=409)


def _context(joining_id: UUID, asked: Asking) -> dict[str, Any]:
    return {
        "joining": asked.rows[0][0].application.joining,
        "question": asked.question,
        "establishment_id": asked.establishment_id,
        "keep": _keep(joining_id, asked),
        "last_saved": asked.answer,
        "descriptors": DESCRIPTORS,
        "topics": [line for line in asked.question.topics.splitlines() if line.strip()],
        "scope": words.counts_for(asked),
        "differing": [] if asked.establishment_id else words.differing(asked, joining_id),
        "may_differ": [] if asked.establishment_id else words.may_differ(asked),
        "why_it_failed": words.why_it_failed(asked),
        "vault": reverse("providers:vault"),
        **words.records(asked),
        **words.evidence(asked),
    }


def _keep(joining_id: UUID, asked: Asking) -> str:
    ids = [joining_id, asked.question.pk]
    if asked.establishment_id:
        return reverse("qualification:keep_at", args=[*ids, asked.establishment_id])
    return reverse("qualification:keep", args=ids)


def _form(request: Any, asked: Asking) -> AnswerForm:
    data = request.POST if request.method == "POST" else None
    known = asked.answer
    text = known.text if known else ""
    if asked.question.is_statement:
        initial = {"text": text, "seen": fingerprints.of_text(text)}
        return StatementForm(data, initial=initial, question=asked.question)
    answered = {True: "yes", False: "no", None: None}[known.passes if known else None]
    return YesNoForm(data, initial={"passes": answered, "text": text}, question=asked.question)


def _save(request: Any, joining_id: UUID, asked: Asking, form: AnswerForm) -> None:
    typed = form.cleaned_data
    passes = None if asked.question.is_statement else typed["passes"] == YES
    answer(
        joining_id=joining_id,
        question_id=asked.question.pk,
        establishment_id=asked.establishment_id,
        passes=passes,
        text=typed.get("text", ""),
        seen=typed.get("seen") or None,
        actor=request.actor,
        now=request.received_at,
    )
    if passes is False and asked.question.kind != Question.Kind.SHOWN:
        messages.warning(request, f"{asked.question.title}: {FAILS}")


def _show_the_others(request: Any, form: AnswerForm, joining_id: UUID, asked: Asking) -> str:
    """What somebody else wrote meanwhile; saving once more replaces it knowingly."""
    now = words.asking(drafts_of(request, joining_id), asked.question.pk, asked.establishment_id)
    text = now.answer.text if now and now.answer else ""
    typed = request.POST.copy()
    typed["seen"] = fingerprints.of_text(text)
    form.data = typed
    return text


def _onwards(request: Any, joining_id: UUID, asked: Asking, before: list[Followed]) -> str:
    now = drafts_of(request, joining_id)
    passed = passed_now(before, now) if asked.question.stage == 1 else ""
    if passed:
        messages.success(request, passed)
    if request.POST.get("then") == "list":
        return reverse("qualification:joining", args=[joining_id])
    if request.GET.get("then") == "check":
        return reverse("qualification:check", args=[joining_id])
    if asked.establishment_id:
        return reverse("qualification:answer", args=[joining_id, asked.question.pk])
    return next_page(joining_id, now, asked.question)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def keep(
    request: Any, joining_id: UUID, question_id: UUID, establishment_id: UUID | None = None
) -> HttpResponse:
    """Keep a statement while it is being typed; the page says when it was."""
    get_object_or_404(Joining, pk=joining_id)
    question = get_object_or_404(Question, pk=question_id)
    form = TypedForm(request.POST, question=question)
    if not question.is_statement or not form.is_valid():
        return HttpResponse(status=400)
    try:
        keep_typed(
            joining_id=joining_id,
            question_id=question_id,
            establishment_id=establishment_id,
            text=form.cleaned_data["text"],
            seen=form.cleaned_data["seen"] or None,
            actor=request.actor,
            now=request.received_at,
        )
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def differently(request: Any, joining_id: UUID, question_id: UUID) -> HttpResponse:
    """Choose the establishment whose answer differs, then answer for it."""
    asked = words.asking(drafts_of(request, joining_id), question_id, None)
    if asked is None or asked.is_locked:
        return _elsewhere(request, joining_id, question_id, asked)
    form = DifferentlyForm(
        request.POST if request.method == "POST" else None, establishments=words.may_differ(asked)
    )
    if form.is_valid():
        ids = [joining_id, question_id, form.cleaned_data["establishment"]]
        return redirect(reverse("qualification:answer_at", args=ids))
    context = {
        "form": form,
        "question": asked.question,
        "joining": asked.rows[0][0].application.joining,
    }
    status = 400 if form.is_bound else 200
    return render(request, "qualification/differently.html", context, status=status)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def as_the_others(
    request: Any, joining_id: UUID, question_id: UUID, establishment_id: UUID
) -> HttpResponse:
    """Drop what differs at one establishment."""
    answer_as_the_others(
        joining_id=joining_id,
        question_id=question_id,
        establishment_id=establishment_id,
        actor=request.actor,
        now=request.received_at,
    )
    messages.success(request, "The common answer counts for this establishment again.")
    return redirect("qualification:answer", joining_id=joining_id, question_id=question_id)
