"""Grading: each evaluator alone, until all who were asked have handed in (Q11, BC 13.1)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotFound, NotUnderstood, Refusal
from qualification.grades import GRADES
from qualification.models import Answer, Evaluator, Grade
from qualification.queries.evaluation import waiting_answers
from qualification.services.evaluators import DeclareFirst, look_at_grades, own_locked
from qualification.services.people import person_of

LONGEST_REASON = 4000


class GradingIsOver(Refusal):
    message = "This statement is not being graded any more"


class HandedIn(Refusal):
    message = "You have handed in your grade of this statement. It cannot be changed"


class NotAGrade(NotUnderstood):
    message = "The grade must be a whole number from 0 to 5"


class ReasonMissing(NotUnderstood):
    message = "Enter the reason for your grade"


class GradesMissing(NotUnderstood):
    message = "Grade every statement, with a reason, before you hand in"


@transaction.atomic
def save_grade(*, answer_id: UUID, grade: int, reason: str, actor: Actor, now: datetime) -> Grade:
    """Save the actor's own grade of one statement, 0 to 5 with a reason; nobody else sees it.

    :raises NotPermitted, NotFound: the actor grades nothing, or not this.
    :raises Released, DeclareFirst: the actor was taken off, or has not declared.
    :raises HandedIn, GradingIsOver: it is final.
    :raises NotAGrade, ReasonMissing: no grade from 0 to 5, or no reason.
    """
    if grade not in GRADES:
        require(actor, Action.GRADE_APPLICATION)
        raise NotAGrade(field="grade")
    saved = _write(answer_id, (grade, reason), is_whole=True, actor=actor, now=now)
    # Not the grade itself: whoever reads the trail would see it before the others hand in.
    facts = {"question": saved.answer.question.code, "answer_id": str(saved.answer_id)}
    act = Act("statement.graded", saved.answer.joining, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    return saved


@transaction.atomic
def keep_grade(
    *, answer_id: UUID, grade: int | None, reason: str, actor: Actor, now: datetime
) -> Grade:
    """Keep what is being typed, every few seconds; only a deliberate save leaves an event.

    :raises Refusal: as `save_grade` does, but grade or reason may be missing.
    """
    if grade is not None and grade not in GRADES:
        raise NotAGrade(field="grade")
    return _write(answer_id, (grade, reason), is_whole=False, actor=actor, now=now)


@transaction.atomic
def hand_in_grades(*, joining_id: UUID, actor: Actor, now: datetime) -> list[Grade]:
    """Make the actor's grades final. When all have handed in, the officer who asked is told.

    :raises NotPermitted, Evaluator.DoesNotExist: the actor grades nothing, or not this.
    :raises Released, DeclareFirst: the actor was taken off, or has not declared.
    :raises GradingIsOver: there is nothing to hand in.
    :raises GradesMissing: a statement has no grade or no reason.
    """
    require(actor, Action.GRADE_APPLICATION)
    _declared(joining_id, actor)
    mine = {
        row.answer_id: row
        for row in Grade.objects.filter(
            graded_by_id=actor.person_id, answer__joining_id=joining_id
        ).select_related("answer__question")
    }
    waiting = waiting_answers([joining_id]).get(joining_id, set())
    final = {answer_id for answer_id, row in mine.items() if row.handed_in_at}
    if not waiting - final:
        raise GradingIsOver("There is nothing to hand in")
    gaps = [one for one in waiting - final if one not in mine or not _is_whole(mine[one])]
    if gaps:
        raise GradesMissing(
            f"Grade every statement, with a reason, before you hand in. Still to do: {len(gaps)}"
        )

    to_hand_in = [mine[one] for one in sorted(waiting - final)]
    ids = [row.id for row in to_hand_in]
    Grade.objects.filter(id__in=ids).update(handed_in_at=now)
    facts = {"answers": [str(row.answer_id) for row in to_hand_in]}
    act = Act("grades.handed_in", to_hand_in[0].answer.joining, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    look_at_grades(joining_id, why=f"{actor.person_id}:{now.isoformat()}", now=now)
    return to_hand_in


def _is_whole(row: Grade) -> bool:
    return row.grade is not None and bool(row.reason.strip())


def _declared(joining_id: UUID, actor: Actor) -> Evaluator:
    mine = own_locked(joining_id, actor)
    if mine.declared_at is None:
        raise DeclareFirst
    return mine


def _write(
    answer_id: UUID,
    given: tuple[int | None, str],
    *,
    is_whole: bool,
    actor: Actor,
    now: datetime,
) -> Grade:
    grade, reason = given
    require(actor, Action.GRADE_APPLICATION)
    # An answer that the actor may not read is not there.
    answer = Answer.objects.select_related("question", "joining").get(pk=answer_id)
    if not Evaluator.objects.filter(joining=answer.joining, person_id=person_of(actor)).exists():
        raise NotFound
    _declared(answer.joining_id, actor)
    before = Grade.objects.filter(answer=answer, graded_by_id=actor.person_id).first()
    if before is not None and before.handed_in_at is not None:
        raise HandedIn
    if answer_id not in waiting_answers([answer.joining_id]).get(answer.joining_id, set()):
        raise GradingIsOver
    if is_whole and not reason.strip():
        raise ReasonMissing(field="reason")

    row = before or Grade(
        provider_id=answer.provider_id, answer=answer, graded_by_id=person_of(actor)
    )
    row.answer = answer
    row.grade, row.reason, row.changed_at = grade, reason.strip()[:LONGEST_REASON], now
    row.save()
    return row
