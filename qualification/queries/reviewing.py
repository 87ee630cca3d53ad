"""Reviews of scores: which are due, under way and decided; the versions with their grades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate

from dps.clock import LONDON
from qualification.models import (
    AgreedGrade,
    CompetencyScore,
    Qualification,
    ReviewRule,
    ScoreReview,
    SentAnswer,
)
from qualification.queries.gathered import gathered, rows_of
from qualification.reviewing import Every, Line, lines_of

SOON = timedelta(days=30)
"""So long before it is due a review stands on the list."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One graded statement of a version: its weight in hundredths, its grade and why."""

    code: str
    title: str
    weight: int
    grade: int
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a score, with the grades that it is made of as far as they are known."""

    score: CompetencyScore
    statements: tuple[Statement, ...]


def every_on(day: date) -> Mapping[UUID, Every]:
    """By category, how often scores are reviewed on a day; what no row says is as shipped."""
    found: dict[UUID, Every] = defaultdict(Every)
    for rule in ReviewRule.objects.filter(from_date__lte=day).order_by("from_date"):
        found[rule.category_id] = Every(rule.months, rule.reply_days)
    return found


def every_for(category_id: UUID, day: date) -> Every:
    rules = ReviewRule.objects.filter(category_id=category_id, from_date__lte=day)
    last = rules.order_by("from_date").last()
    return Every(last.months, last.reply_days) if last else Every()


def rules_for(day: date) -> QuerySet[ReviewRule]:
    """Of the row around them, the rule of its category that holds on a day, to be gathered."""
    rules = ReviewRule.objects.filter(category_id=OuterRef("category_id"), from_date__lte=day)
    return rules.order_by("-from_date")[:1]


def every_of(row: Any) -> Every:
    """How often the scores of a row are reviewed, where `rules_for` was gathered as `every`."""
    last = next(iter(rows_of(ReviewRule, row.every)), None)
    return Every(last.months, last.reply_days) if last else Every()


def with_due(day: date) -> QuerySet[Any]:
    """Everybody on a list with a score: when it was last looked at, and when it is due again."""
    mine = ScoreReview.objects.filter(qualification_id=OuterRef("pk"))
    decided = mine.filter(decided_at__isnull=False).order_by("-decided_at")
    scores = CompetencyScore.objects.filter(qualification_id=OuterRef("pk"))
    rows = Qualification.objects.filter(Exists(scores), ended_at__isnull=True)
    last = Subquery(decided.values("decided_at")[:1])
    rows = rows.annotate(
        looked_at=TruncDate(
            Greatest(F("qualified_at"), Coalesce(last, F("qualified_at"))), tzinfo=LONDON
        ),
        is_under_way=Exists(mine.filter(decided_at__isnull=True)),
        score=Subquery(scores.order_by("-from_moment").values("score")[:1]),
    )
    return rows.annotate(due=_due(day)).select_related("establishment__provider", "category")


def _due(day: date) -> Case:
    """As `due_on` says it: Postgres, too, takes the last day of a month that lacks the day."""
    whens = [
        When(category_id=category_id, then=_after(every))
        for category_id, every in every_on(day).items()
    ]
    return Case(*whens, default=_after(Every()), output_field=DateField())


def _after(every: Every) -> Func:
    return Func(
        F("looked_at"),
        Value(every.months),
        template="(%(expressions)s)::date",
        arg_joiner=" + INTERVAL '1 month' * ",
        output_field=DateField(),
    )


def due(day: date) -> QuerySet[Any]:
    """Those whose review is due, or will be soon, and not under way: the longest due first."""
    rows = with_due(day).filter(due__lte=day + SOON, is_under_way=False)
    return rows.order_by("due", "establishment__name", "pk")


def reviews() -> QuerySet[ScoreReview]:
    return ScoreReview.objects.select_related(
        "qualification__establishment",
        "qualification__category",
        "provider",
        "proposed_by",
        "replied_by",
        "decided_by",
        "held",
    )


def under_way() -> QuerySet[ScoreReview]:
    """Proposed and not decided, the next to end its time for a reply first."""
    return reviews().filter(decided_at__isnull=True).order_by("reply_by", "pk")


def decided() -> QuerySet[ScoreReview]:
    return reviews().filter(decided_at__isnull=False).order_by("-decided_at", "-pk")


def last_version(qualification_id: UUID) -> CompetencyScore | None:
    """The newest version, in force or to come."""
    rows = CompetencyScore.objects.filter(qualification_id=qualification_id)
    return rows.select_related("review").order_by("from_moment", "id").last()


def versions_of(qualification_ids: Collection[UUID]) -> dict[UUID, list[Version]]:
    """By qualification, every version with its grades, the oldest first: two queries."""
    scores = CompetencyScore.objects.filter(qualification_id__in=qualification_ids)
    rows = scores.select_related("review").order_by("from_moment", "id")
    return versions_from(qualification_ids, list(rows))


def scores_of() -> QuerySet[CompetencyScore]:
    """Of the row around them, every version of its score, the oldest first."""
    rows = CompetencyScore.objects.filter(qualification_id=OuterRef("pk"))
    return rows.order_by("from_moment", "id")


def versions_from(
    qualification_ids: Collection[UUID], rows: Collection[CompetencyScore]
) -> dict[UUID, list[Version]]:
    """The same of scores that are at hand with their reviews: one query."""
    graded = statements_of({row.application_id for row in rows if row.application_id})
    found: dict[UUID, list[Version]] = {one: [] for one in qualification_ids}
    for row in rows:
        found[row.qualification_id].append(Version(row, _statements(row, graded)))
    return found


def _statements(
    row: CompetencyScore, graded: Mapping[UUID, tuple[Statement, ...]]
) -> tuple[Statement, ...]:
    if row.review is not None:
        return tuple(
            Statement(each.code, each.title, each.weight, each.after, each.reason)
            for each in lines_of(row.review.decided_grades)
        )
    return graded.get(row.application_id, ()) if row.application_id else ()


def statements_of(application_ids: Collection[UUID]) -> dict[UUID, tuple[Statement, ...]]:
    """By application, the agreed grades with which it was decided: one query."""
    agreed = AgreedGrade.objects.filter(answer_id=OuterRef("answer_id"))
    sent = SentAnswer.objects.filter(
        application_id__in=application_ids, criterion__question__kind="statement"
    ).select_related("criterion__question")
    rows = sent.annotate(agreed=gathered(agreed))
    found: dict[UUID, list[Statement]] = {}
    for row in rows.order_by("criterion__position", "criterion_id"):
        one = row.criterion
        for grade in rows_of(AgreedGrade, row.agreed):
            found.setdefault(row.application_id, []).append(
                Statement(one.code, one.title, one.weight, grade.grade, grade.reason)
            )
    return {key: tuple(each) for key, each in found.items()}


def lines_now(version: Version) -> tuple[Line, ...]:
    """What a review starts from: every statement at the grade that it has."""
    return tuple(
        Line(each.code, each.title, each.weight, each.grade, each.grade)
        for each in version.statements
    )


def in_force(versions: Iterable[Version], at: datetime) -> Version | None:
    """The version that counts at a moment."""
    begun = [each for each in versions if each.score.from_moment <= at]
    return begun[-1] if begun else None
