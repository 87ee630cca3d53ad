"""What a category asks on a day. An application is decided under the rule set it began with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from dps.models import Category
from qualification.models import CostHead, Criterion, RuleSet


def in_force_on(day: date) -> Q:
    """The first day counts, the last does not: the next version starts on it."""
    begun = Q(published_at__isnull=False, from_date__lte=day)
    return begun & (Q(until_date__isnull=True) | Q(until_date__gt=day))


def rule_set_on(category_id: UUID, day: date) -> RuleSet | None:
    """The rule set of a category in force on a day."""
    found = RuleSet.objects.filter(in_force_on(day), category_id=category_id)
    return found.order_by("-from_date").first()


def rule_sets_on(category_ids: Collection[UUID], day: date) -> dict[UUID, RuleSet]:
    """The rule set of each category in force on a day, for those that have one: one query."""
    found = RuleSet.objects.filter(in_force_on(day), category_id__in=category_ids)
    return {each.category_id: each for each in found.order_by("from_date")}


def categories_with_rules(day: date) -> QuerySet[Category]:
    """The categories that can be applied for: those that ask something."""
    asking = RuleSet.objects.filter(in_force_on(day)).values("category_id")
    return Category.objects.filter(id__in=asking).select_related("market")


def criteria_of(rule_set_ids: Collection[UUID]) -> dict[UUID, list[Criterion]]:
    """By rule set, in their order, with their questions and the evidence they want: two queries."""
    rows = Criterion.objects.filter(rule_set_id__in=rule_set_ids)
    found: dict[UUID, list[Criterion]] = {each: [] for each in rule_set_ids}
    for row in rows.select_related("question").prefetch_related("evidence"):
        found[row.rule_set_id].append(row)
    return found


def heads_of(rule_set_ids: Collection[UUID]) -> dict[UUID, list[CostHead]]:
    """By rule set, in their order: one query."""
    found: dict[UUID, list[CostHead]] = {each: [] for each in rule_set_ids}
    for row in CostHead.objects.filter(rule_set_id__in=rule_set_ids):
        found[row.rule_set_id].append(row)
    return found
