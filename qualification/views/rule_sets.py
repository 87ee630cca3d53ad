"""Versions of what a category asks: prepared, previewed, compared, published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.clock import london
from dps.models import Category
from dps.permissions import Action, may
from dps.views.access import requires
from qualification.forms.rules import PublishForm
from qualification.models import RuleSet
from qualification.presenters import rule_sets as words
from qualification.presenters.criteria import criteria
from qualification.presenters.markets import regime_of
from qualification.queries.rule_versions import (
    draft_of,
    latest_published,
    providers_to_tell,
    rules_from,
    rules_of,
    versions_of,
)
from qualification.queries.rules import rules_of as asked_and_costed
from qualification.rule_changes import Rules, differences, in_the_way, why_unlawful
from qualification.services import rule_sets as services
from qualification.views.attempt import DONE, attempt, posted

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(Action.VIEW_MARKET)
def category_rules(request: Any, category_code: str) -> HttpResponse:
    """The versions of a category, and the draft if there is one."""
    category = get_object_or_404(Category.objects.select_related("market"), code=category_code)
    today = london(request.received_at).date()
    found = list(versions_of(category.pk))
    context = {
        "category": category,
        "head": words.VERSIONS_HEAD,
        "versions": words.version_rows([each for each in found if each.is_published], today),
        "draft": next((each for each in found if not each.is_published), None),
        "may_change": may(request.actor, Action.SET_UP_MARKET),
    }
    return render(request, "qualification/market/category_rules.html", context)


@require_POST
@requires(Action.SET_UP_MARKET)
def draft(request: Any, category_code: str) -> HttpResponse:
    """Prepare a new version, or go on with the one that is being prepared."""
    category = get_object_or_404(Category, code=category_code)
    made = draft_of(category.pk) or services.draft_rule_set(
        category_id=category.pk, actor=request.actor, now=request.received_at
    )
    return redirect("qualification:rule_set", rule_set_id=made.pk)


@require_safe
@requires(Action.VIEW_MARKET)
def rule_set(request: Any, rule_set_id: UUID) -> HttpResponse:
    """One version with all that it asks; a draft with the pages that change it."""
    found = _version(rule_set_id)
    may_change = not found.is_published and may(request.actor, Action.SET_UP_MARKET)
    asked = asked_and_costed([found.pk])[found.pk]
    context = {
        "version": found,
        "category": found.category,
        "in_force": words.in_force(found, london(request.received_at).date()),
        "may_change": may_change,
        "cards": words.question_cards(asked, may_change=may_change),
        "lines_head": words.lines_head(may_change=may_change),
        "lines": words.line_rows(asked.heads, may_change=may_change),
    }
    context |= _compared(found, rules_from(asked))
    return render(request, "qualification/market/rule_set.html", context)


@require_safe
@requires(Action.VIEW_MARKET)
def preview(request: Any, rule_set_id: UUID) -> HttpResponse:
    """A version as a provider would read it."""
    found = _version(rule_set_id)
    context = {"version": found, "category": found.category} | criteria(rules_of(found.pk))
    return render(request, "qualification/market/preview.html", context)


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def publish(request: Any, rule_set_id: UUID) -> HttpResponse:
    found = _version(rule_set_id)
    form = PublishForm(posted(request))
    status = attempt(
        request,
        form,
        "publish_rule_set",
        lambda: services.publish_rule_set(
            rule_set_id=found.pk,
            actor=request.actor,
            now=request.received_at,
            **form.cleaned_data,
        ),
    )
    if status == DONE:
        messages.success(
            request,
            "The version is published, and cannot be changed any more. We are telling"
            " the providers it concerns.",
        )
        return redirect("qualification:category_rules", category_code=found.category.code)
    context = {
        "version": found,
        "category": found.category,
        "form": form,
        "told": len(providers_to_tell(found.category_id)),
        "is_published": found.is_published,
    }
    context |= _compared(found, rules_of(found.pk))
    return render(request, "qualification/market/publish.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def discard(request: Any, rule_set_id: UUID) -> HttpResponse:
    found = _version(rule_set_id)
    if request.method == "POST":
        services.discard_draft(rule_set_id=found.pk, actor=request.actor, now=request.received_at)
        messages.success(request, "The draft is thrown away.")
        return redirect("qualification:category_rules", category_code=found.category.code)
    context = {"version": found, "category": found.category}
    return render(request, "qualification/market/discard.html", context)


def _version(rule_set_id: UUID) -> RuleSet:
    return get_object_or_404(RuleSet.objects.select_related("category__market"), pk=rule_set_id)


def _compared(found: RuleSet, rules: Rules) -> dict[str, Any]:
    """What a version changes, and for a draft whether it may be published."""
    before = _before(found)
    old = rules_of(before.pk) if before else None
    context: dict[str, Any] = {
        "before": before,
        "differences_head": words.DIFFERENCES_HEAD,
        "differences": words.difference_rows(differences(old, rules)) if old else [],
    }
    if found.is_published:
        return context
    return context | {
        "in_the_way": in_the_way(rules, old),
        "unlawful": why_unlawful(regime_of(found.category.market), old, rules),
    }


def _before(found: RuleSet) -> RuleSet | None:
    """The version that this one follows; of a draft, the one published last."""
    if not found.is_published:
        return latest_published(found.category_id)
    earlier = versions_of(found.category_id).filter(
        published_at__isnull=False, from_date__lt=found.from_date
    )
    return earlier.order_by("-from_date").first()
