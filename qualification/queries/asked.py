"""All that rule sets ask, with the evidence they want and the rules of inspections: one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Value
from django.db.models.functions import JSONObject
from django.db.models.lookups import Exact

from providers.evidence_kinds import BY_CODE
from qualification.evidence_wanted import WantedEvidence
from qualification.models import Criterion, EvidenceRule, InspectionRule, Question
from qualification.queries.inspection_rules import rule_of
from qualification.scoring import PassRule

IS_ABOUT_INSPECTIONS: Exact = Exact(OuterRef("question__kind"), Value(Question.Kind.INSPECTION))


@dataclass(frozen=True)
class AskedCriterion:
    criterion: Criterion
    evidence: tuple[WantedEvidence, ...]
    inspection_rules: tuple[PassRule, ...]


def asked_by(rule_set_ids: Collection[UUID]) -> dict[UUID, list[AskedCriterion]]:
    """By rule set, in their order; stage 1 before stage 2."""
    wanted = EvidenceRule.objects.filter(criterion_id=OuterRef("pk")).order_by("kind")
    rules = InspectionRule.objects.order_by("scale", "from_date")
    rows = (
        Criterion.objects.filter(rule_set_id__in=rule_set_ids)
        .select_related("question")
        .annotate(
            wanted=ArraySubquery(
                wanted.values(
                    each=JSONObject(
                        kind="kind", least_sum_pence="least_sum_pence", is_optional="is_optional"
                    )
                )
            ),
            rules=ArraySubquery(
                # Only beside the questions about inspections.
                rules.filter(IS_ABOUT_INSPECTIONS).values(
                    each=JSONObject(
                        scale="scale",
                        from_date="from_date",
                        until_date="until_date",
                        requirements="requirements",
                        others="others",
                        valid_months="valid_months",
                    )
                )
            ),
        )
        .order_by("question__stage", "position", "question__code")
    )
    found: dict[UUID, list[AskedCriterion]] = {each: [] for each in rule_set_ids}
    for row in rows:
        found[row.rule_set_id].append(
            AskedCriterion(
                row,
                tuple(_wanted(each) for each in row.wanted),
                tuple(_rule(each) for each in row.rules),
            )
        )
    return found


def _wanted(each: dict[str, Any]) -> WantedEvidence:
    kind = BY_CODE.get(each["kind"])
    return WantedEvidence(
        each["kind"],
        kind.name if kind else each["kind"],
        each["least_sum_pence"],
        each["is_optional"],
    )


def _rule(each: dict[str, Any]) -> PassRule:
    until = each["until_date"]
    dates = {
        "from_date": date.fromisoformat(each["from_date"]),
        "until_date": date.fromisoformat(until) if until else None,
    }
    return rule_of(InspectionRule(**each | dates))
