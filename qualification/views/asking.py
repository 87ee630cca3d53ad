"""Questions about joining: asked by providers, answered by the central team, read by everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action
from dps.queries.markets import markets
from dps.views.access import public, requires
from qualification.forms.asking import AnswerForm, AskForm, NotPublishedForm
from qualification.models import AskedQuestion
from qualification.presenters import asking as words
from qualification.queries.asking import (
    closed_questions,
    open_questions,
    published,
    questions_of,
)
from qualification.services import clarifying
from qualification.views.attempt import DONE, attempt, posted

FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE_SIZE = 20


@require_safe
@public("questions about joining with their answers, and until when questions are taken")
def questions(request: Any) -> HttpResponse:
    page = _page(request, published())
    context = {
        "clocks": words.clocks(markets(), london(request.received_at).date()),
        "questions": [words.answered(each) for each in page],
        "page_obj": page,
    }
    return render(request, "qualification/public/questions.html", context)


@require_http_methods(FORM_METHODS)
@requires(Action.ASK_ABOUT_JOINING)
def ask(request: Any) -> HttpResponse:
    today = london(request.received_at).date()
    found = [each for each in markets() if each.ends_on >= today]
    form = AskForm(posted(request), markets=found)
    status = attempt(
        request,
        form,
        "ask",
        lambda: clarifying.ask(new=form.new, actor=request.actor, now=request.received_at),
    )
    if status == DONE:
        messages.success(
            request,
            "Your question is sent. What happens next: the contract team answers it, and"
            " everybody who joins is told the answer by email, you too. Nobody is told who asked.",
        )
        return redirect("qualification:your_questions")
    clocks = words.clocks(found, today)
    context = {
        "form": form,
        "clocks": clocks,
        "is_open": any(each["is_open"] for each in clocks),
    }
    return render(request, "qualification/asking/ask.html", context, status=status)


@require_safe
@requires(Action.ASK_ABOUT_JOINING)
def your_questions(request: Any) -> HttpResponse:
    """What the provider asked, and what became of it."""
    page = _page(request, questions_of(request.actor.provider_id))
    context = {"questions": [words.own(each) for each in page], "page_obj": page}
    return render(request, "qualification/asking/your_questions.html", context)


@require_safe
@requires(Action.ANSWER_QUESTIONS)
def to_answer(request: Any) -> HttpResponse:
    """What waits for an answer, the oldest first, and what is done."""
    today = london(request.received_at).date()
    page = _page(request, closed_questions())
    context = {
        "open_head": words.OPEN_HEAD,
        "open_rows": [words.open_row(each, today) for each in open_questions()],
        "closed_head": words.CLOSED_HEAD,
        "closed_rows": [words.closed_row(each) for each in page],
        "page_obj": page,
        "clocks": words.clocks(markets(), today),
    }
    return render(request, "qualification/asking/to_answer.html", context)


@require_http_methods(FORM_METHODS)
@requires(Action.ANSWER_QUESTIONS)
def answer(request: Any, question_id: UUID) -> HttpResponse:
    asked = _asked(question_id)
    form = AnswerForm(posted(request), initial={"question": asked.text})
    status = attempt(
        request,
        form,
        "answer_question",
        lambda: clarifying.answer_question(
            question_id=asked.pk,
            actor=request.actor,
            now=request.received_at,
            **form.cleaned_data,
        ),
    )
    if status == DONE:
        messages.success(
            request,
            "The answer is published. Everybody who joins in that window is told by email.",
        )
        return redirect("qualification:open_questions")
    context = {"asked": asked, "form": form, "own": words.own(asked)}
    return render(request, "qualification/asking/answer.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Action.ANSWER_QUESTIONS)
def not_published(request: Any, question_id: UUID) -> HttpResponse:
    asked = _asked(question_id)
    form = NotPublishedForm(posted(request))
    status = attempt(
        request,
        form,
        "decline_question",
        lambda: clarifying.decline_question(
            question_id=asked.pk,
            actor=request.actor,
            now=request.received_at,
            **form.cleaned_data,
        ),
    )
    if status == DONE:
        messages.success(request, "The question is closed. The provider that asked is told why.")
        return redirect("qualification:open_questions")
    context = {"asked": asked, "form": form, "own": words.own(asked)}
    return render(request, "qualification/asking/not_published.html", context, status=status)


def _asked(question_id: UUID) -> AskedQuestion:
    found = AskedQuestion.objects.select_related(
        "provider", "market", "window", "category", "asked_by", "closed_by", "clarification"
    )
    return get_object_or_404(found, pk=question_id)


def _page(request: Any, rows: Any) -> Any:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
