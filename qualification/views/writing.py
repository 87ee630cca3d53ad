"""Writing an application: its task list, its questions and statements, its core costs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from qualification import fingerprints
from qualification.core_costs import totals
from qualification.forms.costs import CoreCostsForm
from qualification.forms.joining import StatementForm, TypedForm, YesNoForm
from qualification.forms.words import YES
from qualification.grades import DESCRIPTORS
from qualification.presenters import applying as words
from qualification.queries.applications import Answered, Contents, contents_of, with_names
from qualification.services.answering import ChangedMeanwhile, answer, keep_typed
from qualification.services.costs import set_core_costs
from qualification.states import ApplicationState

FAILS = (
    "With this answer the establishment cannot qualify yet. You can go on with the other parts:"
    " put this right, then change your answer before you send the application."
)


@require_safe
@requires(Action.PREPARE_APPLICATION)
def application(request: Any, application_id: UUID) -> HttpResponse:
    """The task list of a draft; for one that was sent, where it stands."""
    contents = _contents(application_id)
    if not _is_draft(contents):
        return _where_it_stands(request, contents)
    may_send = may(request.actor, Action.SUBMIT_APPLICATION)
    context = {
        "application": contents.application,
        "contents": contents,
        "tasks": words.tasks(contents, may_send=may_send),
        "progress": words.progress(contents),
        "may_send": may_send,
    }
    return render(request, "qualification/application.html", context)


def _where_it_stands(request: Any, contents: Contents) -> HttpResponse:
    context = {
        "application": contents.application,
        "status": words.status_words(contents.application),
        "questions": words.question_rows(contents, may_change=False),
        "statements": words.statement_rows(contents, may_change=False),
        "cost_head": words.COST_HEAD,
        "costs": words.cost_rows(contents.costed),
        "totals": words.totals_words(contents.totals),
        "may_send": may(request.actor, Action.SUBMIT_APPLICATION),
    }
    return render(request, "qualification/application_sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def one_answer(request: Any, application_id: UUID, criterion_id: UUID) -> HttpResponse:
    """One question or statement; saving goes on to the next part."""
    contents, each = _contents_and_answer(application_id, criterion_id)
    if request.method != "POST" and not _is_draft(contents):
        return redirect("qualification:application", application_id=application_id)
    form = _answer_form(request, each)
    status = 400 if form.is_bound else 200
    others = ""
    if form.is_valid():
        try:
            _save(request, contents, each, form)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "answer")
            status = refusal.status
            if isinstance(refusal, ChangedMeanwhile):
                others = _show_the_others(form, contents, criterion_id)
        else:
            return redirect(_onwards(request, contents, each))
    context = {
        "application": contents.application,
        "each": each,
        "form": form,
        "others": others,
        "last_saved": each.answer,
        "descriptors": DESCRIPTORS,
        **words.held(each, contents.application, london(request.received_at).date()),
    }
    return render(request, "qualification/answer.html", context, status=status)


def _answer_form(request: Any, each: Answered) -> YesNoForm | StatementForm:
    data = request.POST if request.method == "POST" else None
    if each.is_statement:
        initial = {"text": each.text, "seen": fingerprints.of_text(each.text)}
        return StatementForm(data, initial=initial, criterion=each.criterion)
    answered = {True: "yes", False: "no", None: None}[each.passes]
    return YesNoForm(data, initial={"passes": answered}, criterion=each.criterion)


def _save(
    request: Any, contents: Contents, each: Answered, form: YesNoForm | StatementForm
) -> None:
    typed = form.cleaned_data
    passes = None if each.is_statement else typed["passes"] == YES
    answer(
        joining_id=contents.application.joining_id,
        question_id=each.criterion.question_id,
        passes=passes,
        text=typed.get("text", ""),
        seen=typed.get("seen") or None,
        actor=request.actor,
        now=request.received_at,
    )
    if passes is False:
        messages.warning(request, f"{each.criterion.title}: {FAILS}")


def _show_the_others(form: Any, contents: Contents, criterion_id: UUID) -> str:
    """What somebody else wrote meanwhile; saving once more replaces it knowingly."""
    _, now = _contents_and_answer(contents.application.pk, criterion_id)
    _saw(form, fingerprints.of_text(now.text))
    return now.text


def _saw(form: Any, mark: str) -> None:
    form.data = form.data.copy()
    form.data["seen"] = mark


def _onwards(request: Any, contents: Contents, each: Answered) -> str:
    if request.GET.get("then") == "check":
        return reverse("qualification:check", args=[contents.application.pk])
    if request.POST.get("then") == "list":
        return reverse("qualification:application", args=[contents.application.pk])
    return words.page_after(contents, each)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def keep(request: Any, application_id: UUID, criterion_id: UUID) -> HttpResponse:
    """Keep a statement while it is being typed; the page says when it was."""
    contents, each = _contents_and_answer(application_id, criterion_id)
    form = TypedForm(request.POST, criterion=each.criterion)
    if not each.is_statement or not form.is_valid():
        return HttpResponse(status=400)
    try:
        keep_typed(
            joining_id=contents.application.joining_id,
            question_id=each.criterion.question_id,
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
            name = "check" if request.GET.get("then") == "check" else "application"
            return redirect(f"qualification:{name}", application_id=application_id)
    context = {
        "application": contents.application,
        "form": form,
        "others": others,
        "cost_head": words.COST_HEAD,
        **_totals(contents, form),
    }
    return render(request, "qualification/core_costs.html", context, status=status)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def core_cost_totals(request: Any, application_id: UUID) -> HttpResponse:
    """The totals of what is typed so far, as a piece of the page."""
    contents = _contents(application_id)
    form = _costs_form(request, contents)
    return render(request, "qualification/core_cost_totals.html", _totals(contents, form))


def _costs_form(request: Any, contents: Contents) -> CoreCostsForm:
    return CoreCostsForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": contents.costs_fingerprint},
        costed=contents.costed,
    )


def _totals(contents: Contents, form: CoreCostsForm) -> dict[str, Any]:
    found = contents.totals
    if form.is_bound:
        form.is_valid()
        found = totals(form.entries(), weeks=contents.totals.weeks)
    unread = form.unread() if form.is_bound else []
    return {"totals": words.totals_words(found), "unread": unread}


def _contents(application_id: UUID) -> Contents:
    return contents_of(get_object_or_404(with_names(), pk=application_id))


def _is_draft(contents: Contents) -> bool:
    return contents.application.state == ApplicationState.DRAFT


def _contents_and_answer(application_id: UUID, criterion_id: UUID) -> tuple[Contents, Answered]:
    contents = _contents(application_id)
    for each in contents.answered:
        if each.criterion.pk == criterion_id:
            return contents, each
    raise Http404
