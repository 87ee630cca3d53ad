"""What everybody may read without an account: how to join, what is asked, what passes (T3)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dps.clock import london
from dps.models import Category
from dps.queries.markets import markets
from dps.views.access import public
from qualification.presenters import inspection_rules as inspection_words
from qualification.presenters import joining_guide as words
from qualification.presenters.criteria import criteria as criteria_words
from qualification.queries.caps import caps_from
from qualification.queries.inspection_rules import rows_on
from qualification.queries.rule_versions import rules_of, upcoming
from qualification.queries.rules import categories_with_rules, rule_set_on


@require_safe
@public("how to join, and when applications are taken")
def how_to_join(request: Any) -> HttpResponse:
    today = london(request.received_at).date()
    published = set(categories_with_rules(today).values_list("pk", flat=True))
    found = [
        words.market_words(each, today, published) for each in markets() if each.ends_on >= today
    ]
    return render(request, "qualification/public/how_to_join.html", {"markets": found})


@require_safe
@public("what a category asks, what each answer weighs, and the caps on costs")
def criteria(request: Any, category_code: str) -> HttpResponse:
    """The version in force; with ?next=1 the one that is published and starts later."""
    category = get_object_or_404(Category.objects.select_related("market"), code=category_code)
    today = london(request.received_at).date()
    version, later = rule_set_on(category.pk, today), upcoming(category.pk, today)
    if request.GET.get("next") or version is None:
        version, later = later, None
    if version is None:
        raise Http404
    caps = [each for each in caps_from(today) if each.category_id == category.pk]
    context = {
        "category": category,
        "version": words.version_words(version, later),
        "cap_head": words.CAP_HEAD,
        "caps": words.cap_rows(caps),
    }
    context |= criteria_words(rules_of(version.pk))
    return render(request, "qualification/public/criteria.html", context)


@require_safe
@public("what passes on each inspector’s scale")
def what_passes(request: Any) -> HttpResponse:
    today = london(request.received_at).date()
    context = {"schemes": inspection_words.schemes(rows_on(today))}
    return render(request, "qualification/public/what_passes.html", context)
