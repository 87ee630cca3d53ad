"""What an officer compares of one application: four queries, whatever it was asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from providers.models import Evidence, Inspection
from providers.queries.evidence import kept_of
from qualification.models import Application, Check, PointToClear, SentAnswer
from qualification.queries.applications import Answered
from qualification.queries.asked import AskedCriterion, asked_by
from qualification.queries.circumstances import made_checks
from qualification.queries.gathered import gathered, rows_of
from qualification.states import WITH_THE_TEAM

LATEST_INSPECTIONS = 10


@dataclass(frozen=True)
class Sent:
    """One question that passes or fails, what was answered, and what was found so far."""

    answered: Answered
    asked: AskedCriterion
    check: Check | None
    points: tuple[PointToClear, ...]
    alike: int
    """So many applications of the joining that are with the team were sent with this answer."""


def with_findings(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Each with what the functions below read."""
    inspections = Inspection.objects.filter(establishment_id=OuterRef("establishment_id"))
    points = PointToClear.objects.filter(application_id=OuterRef("pk"))
    return rows.annotate(
        made_checks=gathered(Check.objects.filter(application_id=OuterRef("pk")), "checked_by"),
        points=gathered(points.order_by("-asked_at", "-id"), "asked_by", "replied_by"),
        inspections=gathered(inspections.order_by("-inspected_on")[:LATEST_INSPECTIONS]),
    )


def inspections_of(one: Application) -> tuple[Inspection, ...]:
    """The latest first, of an application that `with_findings` has annotated."""
    return tuple(rows_of(Inspection, one.inspections))  # type: ignore[attr-defined]


def evidence_of(one: Application) -> tuple[Evidence, ...]:
    """All that its establishment and the whole organisation keep: one query."""
    place = one.establishment_id
    return tuple(kept_of({place: one.provider_id}).get(place, ()))


def sent_to_check(one: Application) -> list[Sent]:
    """All that passes or fails in it and is not kept from before, in order: two queries."""
    answers = {row.criterion_id: row for row in _answers(one)}
    checks = made_checks(one)
    points: dict[str, list[PointToClear]] = {}
    of_it = one.points  # type: ignore[attr-defined]
    for point in rows_of(PointToClear, of_it, "asked_by", "replied_by"):
        points.setdefault(point.code, []).append(point)
    found = []
    for asked in asked_by([one.rule_set_id])[one.rule_set_id]:
        code, row = asked.criterion.code, answers.get(asked.criterion.id)
        is_kept = one.to_put_right is not None and code not in one.to_put_right
        each = Answered(asked.criterion, row.answer if row else None, is_kept=is_kept)
        if each.is_checked:
            alike = _alike(row) if row and each.is_common else 1
            found.append(Sent(each, asked, checks.get(code), tuple(points.get(code, ())), alike))
    return found


def _answers(one: Application) -> QuerySet[SentAnswer]:
    same = SentAnswer.objects.filter(
        answer_id=OuterRef("answer_id"),
        application__joining_id=one.joining_id,
        application__state__in=WITH_THE_TEAM,
    )
    counted = same.values("answer_id").annotate(number=Count("application_id", distinct=True))
    rows = SentAnswer.objects.filter(application_id=one.id).select_related("answer")
    return rows.annotate(alike=Subquery(counted.values("number")))


def _alike(row: SentAnswer) -> int:
    """None of them where the application itself is decided, and no other is left."""
    return row.alike or 1  # type: ignore[attr-defined]
