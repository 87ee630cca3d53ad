"""Writing a draft of a category’s rules: one question, weight, certificate or line at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dps.govuk.forms import GovForm
from dps.permissions import Action
from dps.views.access import requires
from qualification.forms.rules import CostLineForm, EvidenceForm, QuestionForm, WeightsForm
from qualification.models import CostHead, Criterion, Question, RuleSet
from qualification.services import rule_questions as services
from qualification.services.rule_sets import NotADraftOfRules
from qualification.views.attempt import DONE, attempt, posted

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def question(request: Any, criterion_id: UUID) -> HttpResponse:
    criterion = _criterion(criterion_id)
    form = QuestionForm(posted(request), initial=QuestionForm.from_row(criterion.question))
    page = _Page(request, criterion.rule_set, form, "question", "The question is saved.")
    return page.answer(
        lambda: services.change_question(criterion_id=criterion.pk, words=form.words, **page.who),
        criterion=criterion,
    )


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def new_question(request: Any, rule_set_id: UUID) -> HttpResponse:
    rules = _draft(rule_set_id)
    form = QuestionForm(posted(request))
    page = _Page(request, rules, form, "question", "The question is added at the end.")
    return page.answer(
        lambda: services.add_question(rule_set_id=rules.pk, words=form.words, **page.who)
    )


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def evidence(request: Any, criterion_id: UUID) -> HttpResponse:
    criterion = _criterion(criterion_id)
    form = EvidenceForm(posted(request), criterion=criterion)
    page = _Page(request, criterion.rule_set, form, "evidence", "The evidence is saved.")
    return page.answer(
        lambda: services.want_evidence(criterion_id=criterion.pk, wanted=form.wanted, **page.who),
        criterion=criterion,
        pairs=[
            (form[name], form[f"{name.removesuffix('_asked')}_sum"] if _has_sum(form, name) else "")
            for name in form.fields
            if name.endswith("_asked")
        ],
    )


def _has_sum(form: EvidenceForm, name: str) -> bool:
    return f"{name.removesuffix('_asked')}_sum" in form.fields


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def weights(request: Any, rule_set_id: UUID) -> HttpResponse:
    rules = _draft(rule_set_id)
    statements = Criterion.objects.select_related("question").filter(
        rule_set=rules, question__kind=Question.Kind.STATEMENT
    )
    form = WeightsForm(posted(request), statements=statements)
    page = _Page(request, rules, form, "weights", "The weights are saved.")
    return page.answer(
        lambda: services.set_weights(rule_set_id=rules.pk, weights=form.weights, **page.who)
    )


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def cost_line(request: Any, head_id: UUID) -> HttpResponse:
    head = get_object_or_404(CostHead, pk=head_id)
    rules = _draft(head.rule_set_id)
    form = CostLineForm(
        posted(request),
        initial=CostLineForm.from_row(head),
        is_residential=rules.category.is_residential,
    )
    page = _Page(request, rules, form, "cost_line", "The cost line is saved.")
    return page.answer(
        lambda: services.save_cost_line(
            rule_set_id=rules.pk, head_id=head.pk, words=form.words, **page.who
        ),
        head=head,
    )


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def new_cost_line(request: Any, rule_set_id: UUID) -> HttpResponse:
    rules = _draft(rule_set_id)
    form = CostLineForm(posted(request), is_residential=rules.category.is_residential)
    page = _Page(request, rules, form, "cost_line", "The cost line is added at the end.")
    return page.answer(
        lambda: services.save_cost_line(rule_set_id=rules.pk, words=form.words, **page.who)
    )


@require_POST
@requires(Action.SET_UP_MARKET)
def move(request: Any, criterion_id: UUID) -> HttpResponse:
    criterion = get_object_or_404(Criterion, pk=criterion_id)
    services.move_question(
        criterion_id=criterion.pk,
        up=request.POST.get("to") != "down",
        actor=request.actor,
        now=request.received_at,
    )
    return redirect("qualification:rule_set", rule_set_id=criterion.rule_set_id)


@require_POST
@requires(Action.SET_UP_MARKET)
def drop(request: Any, criterion_id: UUID) -> HttpResponse:
    criterion = _criterion(criterion_id)
    services.drop_question(criterion_id=criterion.pk, actor=request.actor, now=request.received_at)
    messages.success(request, f"This version does not ask “{criterion.title}” any more.")
    return redirect("qualification:rule_set", rule_set_id=criterion.rule_set_id)


@require_POST
@requires(Action.SET_UP_MARKET)
def drop_line(request: Any, head_id: UUID) -> HttpResponse:
    head = get_object_or_404(CostHead, pk=head_id)
    services.drop_cost_line(head_id=head.pk, actor=request.actor, now=request.received_at)
    messages.success(request, f"The cost line “{head.title}” is taken out.")
    return redirect("qualification:rule_set", rule_set_id=head.rule_set_id)


class _Page:
    """One form about a draft: saved and back to the draft, or shown again with its mistakes."""

    def __init__(self, request: Any, rules: RuleSet, form: GovForm, name: str, done: str) -> None:
        self.request, self.rules, self.form, self.name, self.done = request, rules, form, name, done
        self.who: dict[str, Any] = {"actor": request.actor, "now": request.received_at}

    def answer(self, call: Callable[[], object], **more: Any) -> HttpResponse:
        status = attempt(self.request, self.form, f"rules.{self.name}", call)
        if status == DONE:
            messages.success(self.request, self.done)
            return redirect("qualification:rule_set", rule_set_id=self.rules.pk)
        context = {"version": self.rules, "category": self.rules.category, "form": self.form}
        template = f"qualification/market/{self.name}.html"
        return render(self.request, template, context | more, status=status)


def _draft(rule_set_id: UUID) -> RuleSet:
    """:raises NotADraftOfRules: it is published, so that no form is shown for it."""
    rules = get_object_or_404(RuleSet.objects.select_related("category"), pk=rule_set_id)
    if rules.is_published:
        raise NotADraftOfRules
    return rules


def _criterion(criterion_id: UUID) -> Criterion:
    found = get_object_or_404(
        Criterion.objects.select_related("question", "rule_set__category"), pk=criterion_id
    )
    if found.rule_set.is_published:
        raise NotADraftOfRules
    return found
