"""Who grades what, which grades are in, and what was found when it was checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, F, Func, IntegerField, OuterRef, QuerySet

from dps.actors import Role
from dps.models import Membership
from dps.permissions import OFFICERS
from qualification.models import (
    AgreedGrade,
    Answer,
    Application,
    Check,
    Evaluator,
    Grade,
    Question,
    SentAnswer,
)
from qualification.queries.gathered import gathered, rows_of
from qualification.states import ApplicationState

FEWEST_EVALUATORS = 2
FAR_APART = 2
"""From this spread of the grades on, a note says how the evaluators came together."""
GRADES_IN = Func(F("pk"), function="statement_grades_are_in", output_field=BooleanField())
GRADES_MISSING = Func(
    F("joining_id"), F("person_id"), function="grades_missing", output_field=IntegerField()
)
GRADERS = (*sorted(OFFICERS), Role.EVALUATOR)
"""The roles whose holders can be asked to grade."""


@dataclass(frozen=True)
class Statement:
    """One sent statement that is graded once, and the applications that were sent with it."""

    answer: Answer
    applications: tuple[Application, ...]
    grades: tuple[Grade, ...] = ()
    agreed: AgreedGrade | None = None
    are_in: bool = False

    @property
    def question(self) -> Question:
        return self.answer.question

    @property
    def is_for_panel(self) -> bool:
        return self.question.graded_by == Question.GradedBy.PANEL

    @property
    def spread(self) -> int:
        """How far the highest grade is from the lowest."""
        given = [each.grade for each in self.grades if each.grade is not None]
        return max(given) - min(given) if given else 0

    @property
    def is_far_apart(self) -> bool:
        return self.spread >= FAR_APART

    @property
    def place(self) -> str:
        """Where it differs, or for how many it is common."""
        if self.answer.establishment_id is not None:
            return self.applications[0].establishment.name
        names = {each.establishment.name for each in self.applications}
        return names.pop() if len(names) == 1 else all_of(len(names))


def all_of(number: int) -> str:
    """ "Both establishments", or all of so many."""
    return "Both establishments" if number == 2 else f"All {number} establishments"


def statements_of(
    joining_id: UUID,
    *,
    states: Collection[str] = (ApplicationState.EVALUATION,),
    for_team: bool = True,
) -> list[Statement]:
    """Each distinct statement of a joining's applications at these stages, with its grades.

    The database shows whoever asks those grades alone that they may see; evaluators of councils
    see no agreed grade, and ask without `for_team`. Three queries.
    """
    sent = SentAnswer.objects.filter(
        application__joining_id=joining_id,
        application__state__in=states,
        criterion__question__kind=Question.Kind.STATEMENT,
    ).select_related("application__establishment", "application__category", "criterion")
    by_answer: dict[UUID, list[Application]] = {}
    positions: dict[UUID, int] = {}
    for row in sent.order_by("application__establishment__name", "application_id"):
        by_answer.setdefault(row.answer_id, []).append(row.application)
        positions.setdefault(row.answer_id, row.criterion.position)
    answers = Answer.objects.filter(id__in=by_answer).annotate(are_in=GRADES_IN)
    if for_team:
        agreed = AgreedGrade.objects.filter(answer_id=OuterRef("pk"))
        answers = answers.annotate(agreed=gathered(agreed, "agreed_by"))
    rows = sorted(
        answers.select_related("question", "establishment", "joining__provider"),
        key=lambda one: (
            positions[one.id],
            one.question.code,
            one.establishment.name if one.establishment else "",
        ),
    )
    grades = _grades(by_answer, joining_id)
    return [
        Statement(
            answer=one,
            applications=tuple(by_answer[one.id]),
            grades=tuple(grades.get(one.id, ())),
            agreed=_agreed(one) if for_team else None,
            are_in=one.are_in,
        )
        for one in rows
    ]


def statement(answer_id: UUID, *, states: Collection[str]) -> Statement | None:
    """One of them by its answer."""
    joining_id = Answer.objects.values_list("joining_id", flat=True).filter(pk=answer_id).first()
    found = statements_of(joining_id, states=states) if joining_id else []
    return next((one for one in found if one.answer.id == answer_id), None)


def _agreed(one: Answer) -> AgreedGrade | None:
    found = rows_of(AgreedGrade, one.agreed, "agreed_by")  # type: ignore[attr-defined]
    return found[0] if found else None


def _grades(answer_ids: Iterable[UUID], joining_id: UUID) -> dict[UUID, list[Grade]]:
    """The visible grades of the evaluators who count, by answer, in the order of their names."""
    people = active_in(joining_id).values("person_id")
    rows = Grade.objects.filter(answer_id__in=list(answer_ids), graded_by_id__in=people)
    found: dict[UUID, list[Grade]] = {}
    for row in rows.select_related("graded_by").order_by("graded_by__name", "id"):
        found.setdefault(row.answer_id, []).append(row)
    return found


def evaluators_of(joining_id: UUID) -> QuerySet[Evaluator]:
    """All who were asked, also those released since; an evaluator sees the own row alone."""
    rows = Evaluator.objects.filter(joining_id=joining_id).select_related("person", "asked_by")
    return rows.order_by("released_at", "person__name")


def with_progress(joining_id: UUID) -> list[Evaluator]:
    """The same, each with `missing`: how many grades are to hand in. For the central team alone."""
    return list(evaluators_of(joining_id).annotate(missing=GRADES_MISSING))


def active(joining_id: UUID) -> list[UUID]:
    """The people whose grades count: asked, and not released."""
    return list(active_in(joining_id).values_list("person_id", flat=True))


def active_in(joining_id: UUID) -> QuerySet[Evaluator]:
    return Evaluator.objects.filter(joining_id=joining_id, released_at__isnull=True)


def to_grade_by(person_id: UUID) -> QuerySet[Evaluator]:
    """The joinings that somebody is asked to grade, the oldest request first."""
    rows = Evaluator.objects.filter(person_id=person_id, released_at__isnull=True)
    return rows.select_related("joining__provider").order_by("asked_at", "id")


def own_grades(answer_ids: Iterable[UUID], person_id: UUID) -> dict[UUID, Grade]:
    """A person's own grades by answer, handed in or not."""
    rows = Grade.objects.filter(answer_id__in=list(answer_ids), graded_by_id=person_id)
    return {row.answer_id: row for row in rows}


def waiting_answers(joining_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By joining, the statements being graded whose grades are not in; for the panel none."""
    sent = SentAnswer.objects.filter(
        application__joining_id__in=joining_ids, application__state=ApplicationState.EVALUATION
    )
    answers = Answer.objects.filter(
        id__in=sent.values("answer_id"),
        question__kind=Question.Kind.STATEMENT,
        question__graded_by=Question.GradedBy.EVALUATORS,
    ).annotate(are_in=GRADES_IN)
    found: dict[UUID, set[UUID]] = {}
    for answer_id, joining_id in answers.filter(are_in=False).values_list("id", "joining_id"):
        found.setdefault(joining_id, set()).add(answer_id)
    return found


def people_who_grade() -> list[Membership]:
    """Everybody who can be asked: officers, and evaluators of any council; one row a person."""
    rows = Membership.objects.filter(
        is_active=True, provider_id__isnull=True, roles__overlap=[role.value for role in GRADERS]
    )
    found: dict[UUID, Membership] = {}
    for row in rows.select_related("person", "authority").order_by(
        "-is_central", "authority__name", "person__name", "id"
    ):
        found.setdefault(row.person_id, row)
    return list(found.values())


def checks_of(application_ids: Collection[UUID]) -> dict[tuple[UUID, str], Check]:
    rows = Check.objects.filter(application_id__in=application_ids).select_related("checked_by")
    return {(row.application_id, row.code): row for row in rows}


def alike(application: Application, code: str, *, states: Collection[str]) -> list[UUID]:
    """The applications of the joining at these stages that were sent with the same answer."""
    sent = SentAnswer.objects.filter(application=application, criterion__question__code=code)
    same = SentAnswer.objects.filter(
        answer_id__in=sent.values("answer_id"),
        application__joining_id=application.joining_id,
        application__state__in=states,
    )
    return list(same.order_by("application_id").values_list("application_id", flat=True).distinct())
