"""What a category asks on a day. An application is decided under the rule set it began with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet

from dps.models import Category
from qualification.models import (
    CoreCostLine,
    CostHead,
    Criterion,
    EvidenceRule,
    Question,
    RuleSet,
)
from qualification.queries.gathered import gathered, rows_of


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


def registers_asked(day: date) -> dict[UUID, str]:
    """By category, the code of its question about a register: one query."""
    return _register_questions(RuleSet.objects.filter(in_force_on(day)))


def registers_asked_by(rules: Iterable[RuleSet]) -> dict[UUID, str]:
    """The same of rule sets that are at hand."""
    return _register_questions(RuleSet.objects.filter(pk__in=[each.pk for each in rules]))


def _register_questions(rules: QuerySet[RuleSet]) -> dict[UUID, str]:
    about = Criterion.objects.filter(rule_set__in=rules, question__kind=Question.Kind.REGISTRATION)
    return dict(about.values_list("rule_set__category_id", "question__code"))


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule set asks, in its order: its criteria with their questions, and its cost heads."""

    criteria: tuple[Criterion, ...]
    heads: tuple[CostHead, ...]
    evidence: Mapping[UUID, list[EvidenceRule]]
    """By criterion; nothing where it wants none."""
    lines: tuple[CoreCostLine, ...] = ()
    """Of the applications that were named, under any of its heads."""


def rules_of(
    rule_set_ids: Collection[UUID], application_ids: Collection[UUID] = ()
) -> dict[UUID, Asked]:
    """Of each rule set all of it, with the costs of these applications: one query."""
    of_set = {"rule_set_id": OuterRef("pk")}
    evidence = EvidenceRule.objects.filter(criterion__rule_set_id=OuterRef("pk"))
    lines = CoreCostLine.objects.filter(
        head__rule_set_id=OuterRef("pk"), application_id__in=application_ids
    )
    rows = RuleSet.objects.filter(pk__in=rule_set_ids).annotate(
        asked=gathered(Criterion.objects.filter(**of_set), "question"),
        costed=gathered(CostHead.objects.filter(**of_set)),
        wanted=gathered(evidence),
        lines=gathered(lines),
    )
    return {row.pk: _asked(row) for row in rows}


def _asked(row: Any) -> Asked:
    evidence: dict[UUID, list[EvidenceRule]] = {}
    for each in rows_of(EvidenceRule, row.wanted):
        evidence.setdefault(each.criterion_id, []).append(each)
    return Asked(
        tuple(rows_of(Criterion, row.asked, "question")),
        tuple(rows_of(CostHead, row.costed)),
        evidence,
        tuple(rows_of(CoreCostLine, row.lines)),
    )
