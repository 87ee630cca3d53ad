"""One joining as the team works on it: four queries, whatever is in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from providers.models import Inspection
from qualification.models import (
    AgreedGrade,
    Answer,
    Application,
    Check,
    Criterion,
    Grade,
    InspectionRule,
    Joining,
    Question,
    SentAnswer,
)
from qualification.queries.applications import with_names
from qualification.queries.evaluation import GRADES_IN, active_in, all_of
from qualification.queries.gathered import gathered, rows_of
from qualification.queries.inspection_rules import rule_of
from qualification.queries.work_list import failures_of, latest_of_each, with_worries, worries_of
from qualification.scoring import PassRule
from qualification.states import WITH_THE_TEAM

Kind = Question.Kind


def joinings() -> QuerySet[Joining]:
    """Each with the number of its parts that were sent, and with the rules of inspections."""
    parts = Application.objects.filter(joining_id=OuterRef("pk"), submitted_at__isnull=False)
    counted = parts.values("joining_id").annotate(number=Count("pk"))
    return Joining.objects.select_related("provider").annotate(
        parts=Coalesce(Subquery(counted.values("number")), 0),
        rules=gathered(InspectionRule.objects.order_by("scale", "from_date")),
    )


def inspection_rules_of(one: Joining) -> tuple[PassRule, ...]:
    """Of a joining that comes from `joinings`."""
    return tuple(map(rule_of, rows_of(InspectionRule, one.rules)))  # type: ignore[attr-defined]


def parts_of(joining_id: UUID) -> QuerySet[Application]:
    """Its parts that were sent, by establishment, with what the two functions below read."""
    asked = Criterion.objects.filter(rule_set_id=OuterRef("rule_set_id"))
    checked = asked.exclude(question__kind__in=[Kind.STATEMENT, Kind.SHOWN])
    clear = Check.objects.filter(application_id=OuterRef("pk"), result=Check.Result.CLEAR)
    seen = Inspection.objects.filter(establishment_id=OuterRef("establishment_id"))
    rows = with_worries(with_names().filter(joining_id=joining_id, submitted_at__isnull=False))
    return rows.annotate(
        checked=ArraySubquery(checked.values("question__code")),
        clear=ArraySubquery(clear.values("code")),
        inspections=gathered(latest_of_each(seen)),
    ).order_by("establishment__name", "category__position", "submitted_at", "id")


def clear_of(one: Application) -> tuple[int, int]:
    """How much of what passes or fails was found clear, and how much is to be checked."""
    kept_out = one.to_put_right
    asked = {
        code
        for code in one.checked  # type: ignore[attr-defined]
        if kept_out is None or code in kept_out
    }
    return len(asked & set(one.clear)), len(asked)  # type: ignore[attr-defined]


def worries_about(one: Application, rules: Collection[PassRule], today: date) -> tuple[str, ...]:
    """What to look at early, while it is with the team."""
    if one.state not in WITH_THE_TEAM:
        return ()
    seen = rows_of(Inspection, one.inspections)  # type: ignore[attr-defined]
    return worries_of(one, {one.establishment_id: failures_of(seen, rules, today)})


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One statement of a joining as a list shows it: graded once, for one or several."""

    answer: Answer
    place: str
    """Where it differs, or for how many it is common."""
    are_in: bool
    agreed_grade: int | None
    spread: int
    """How far the highest grade is from the lowest, of those that whoever looks may see."""

    @property
    def question(self) -> Question:
        return self.answer.question

    @property
    def is_for_panel(self) -> bool:
        return self.question.graded_by == Question.GradedBy.PANEL


def statement_lines(joining_id: UUID, *, states: Collection[str]) -> list[StatementLine]:
    """Each distinct statement of the joining's applications at these stages: one query."""
    sent = SentAnswer.objects.filter(
        application__joining_id=joining_id,
        application__state__in=states,
        criterion__question__kind=Kind.STATEMENT,
    )
    of_it = sent.filter(answer_id=OuterRef("pk"))
    by_name = of_it.order_by("application__establishment__name", "application_id")
    places = of_it.order_by().values("answer_id")
    grades = Grade.objects.filter(
        answer_id=OuterRef("pk"), graded_by_id__in=active_in(joining_id).values("person_id")
    )
    apart = grades.order_by().values("answer_id").annotate(n=Max("grade") - Min("grade"))
    agreed = AgreedGrade.objects.filter(answer_id=OuterRef("pk"))
    rows = Answer.objects.filter(id__in=sent.values("answer_id")).annotate(
        are_in=GRADES_IN,
        position=Subquery(by_name.values("criterion__position")[:1]),
        first=Subquery(by_name.values("application__establishment__name")[:1]),
        number=Subquery(
            places.annotate(n=Count("application__establishment_id", distinct=True)).values("n")
        ),
        agreed_grade=Subquery(agreed.values("grade")[:1]),
        spread=Subquery(apart.values("n")),
    )
    ordered = rows.select_related("question", "establishment").order_by(
        "position", "question__code", F("establishment__name").asc(nulls_first=True), "id"
    )
    return [
        StatementLine(one, _place(one), one.are_in, one.agreed_grade, one.spread or 0)
        for one in ordered
    ]


def _place(one: Answer) -> str:
    number: int = one.number  # type: ignore[attr-defined]
    if one.establishment_id is not None or number == 1:
        return str(one.first)  # type: ignore[attr-defined]
    return all_of(number)
