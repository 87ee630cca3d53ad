"""Versions of a category's rules: which there are, and what each one asks, for comparing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from providers.evidence_kinds import BY_CODE
from providers.models import Establishment
from qualification.models import (
    Application,
    CostHead,
    Criterion,
    EvidenceRule,
    Qualification,
    RuleSet,
)
from qualification.queries.rules import Asked as Kept
from qualification.queries.rules import rules_of as asked_and_costed
from qualification.rule_changes import Asked, Head, Rules, Wanted
from qualification.states import ApplicationState


def versions_of(category_id: UUID) -> QuerySet[RuleSet]:
    """All of a category, the newest first."""
    return RuleSet.objects.filter(category_id=category_id).select_related("published_by")


def draft_of(category_id: UUID) -> RuleSet | None:
    return RuleSet.objects.filter(category_id=category_id, published_at__isnull=True).first()


def latest_published(category_id: UUID) -> RuleSet | None:
    """The one published last, in force now or from a day to come."""
    published = RuleSet.objects.filter(category_id=category_id, published_at__isnull=False)
    return published.order_by("-from_date").first()


def upcoming(category_id: UUID, day: date) -> RuleSet | None:
    """The next one that is published and starts after a day."""
    published = RuleSet.objects.filter(category_id=category_id, published_at__isnull=False)
    later = published.filter(from_date__gt=day).select_related("category")
    return later.order_by("from_date").first()


def rules_of(rule_set_id: UUID) -> Rules:
    """Everything that a version asks: one query."""
    return rules_from(asked_and_costed([rule_set_id])[rule_set_id])


def rules_from(found: Kept) -> Rules:
    """The same of rows that are at hand."""
    asked = [_asked(each, found.evidence.get(each.pk, [])) for each in found.criteria]
    return Rules(tuple(asked), tuple(_head(each) for each in found.heads))


def providers_to_tell(category_id: UUID) -> set[UUID]:
    """Those with a draft, or with an establishment on the list, of a category."""
    writing = Application.objects.filter(category_id=category_id, state=ApplicationState.DRAFT)
    listed = Qualification.objects.filter(
        establishment=OuterRef("pk"), category_id=category_id, ended_at__isnull=True
    )
    running = Establishment.objects.filter(Exists(listed), Q(provider__isnull=False))
    both = writing.values_list("provider_id").union(running.values_list("provider_id"))
    return {provider_id for (provider_id,) in both}


def _asked(criterion: Criterion, evidence: Iterable[EvidenceRule]) -> Asked:
    question = criterion.question
    return Asked(
        code=question.code,
        kind=question.kind,
        stage=question.stage,
        title=question.title,
        text=question.text,
        guidance=question.guidance,
        topics=question.topics,
        word_limit=question.word_limit,
        graded_by=question.get_graded_by_display(),
        weight=criterion.weight,
        evidence=tuple(
            Wanted(each.kind, name_of(each.kind), each.least_sum_pence, each.is_optional)
            for each in evidence
        ),
    )


def name_of(kind: str) -> str:
    known = BY_CODE.get(kind)
    return known.name if known else kind.replace("_", " ").capitalize()


def _head(head: CostHead) -> Head:
    return Head(
        code=head.code,
        title=head.title,
        guidance=head.guidance,
        schedule=head.schedule,
        is_optional=head.is_optional,
        stay=head.get_stay_display() if head.stay else "",
        driver=head.get_driver_display(),
    )
