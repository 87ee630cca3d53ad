"""Asking people to grade, and what they declare before they see anything (Q11, BC 13.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.permissions import Action, require
from dps.refusals import IllegalTransition, NotUnderstood, Refusal
from dps.services.messages import Letter, send
from qualification.models import Application, Evaluator, Joining
from qualification.queries.evaluation import (
    FEWEST_EVALUATORS,
    active,
    people_who_grade,
    statements_of,
    waiting_answers,
    with_progress,
)
from qualification.services.people import person_of
from qualification.states import ApplicationState

LOOK_AT_GRADES = "qualification.look_at_grades"
TELL_OF_CONFLICT = "qualification.tell_of_conflict"
ASKED_IN = (ApplicationState.SUBMITTED, ApplicationState.EVALUATION)


class NothingToGrade(IllegalTransition):
    message = "Nothing of this application is being checked or graded now"


class TooFew(NotUnderstood):
    message = "Ask at least two people, so that no grade is one person’s alone"


class CannotBeAsked(NotUnderstood):
    message = "Select people from the list"


class GradesAreOut(Refusal):
    message = (
        "All grades of a statement are in, and can be read. Agree them before you ask anybody else"
    )


class Released(Refusal):
    message = "You do not grade this application any more"


class AlreadyDeclared(Refusal):
    message = "You have declared that you have no conflict of interest"


class ConflictMissing(NotUnderstood):
    message = "Say what the conflict of interest is, in a sentence"


class DeclareFirst(Refusal):
    message = "Before you grade, say whether you have a conflict of interest"


class HasHandedIn(Refusal):
    message = "They have handed in all their grades, so nobody waits for them"


@transaction.atomic
def ask_evaluators(
    *, joining_id: UUID, person_ids: Sequence[UUID], actor: Actor, now: datetime
) -> list[Evaluator]:
    """Ask officers, or evaluators of any council, to grade the statements of a joining.

    Two or more grade in all; whoever was asked before is not asked again.

    :raises NotPermitted: only officers of the central team ask.
    :raises NothingToGrade: no application of the joining is being checked or graded.
    :raises CannotBeAsked: somebody may not grade, or was released before.
    :raises TooFew: fewer than two would grade.
    :raises GradesAreOut: all grades of a statement are in and not agreed.
    """
    require(actor, Action.ASK_EVALUATORS)
    _lock(joining_id)
    wanted = set(person_ids)
    rows = Evaluator.objects.filter(joining_id=joining_id)
    before = {row.person_id: row for row in rows}
    released = [one for one in wanted if one in before and before[one].released_at]
    if wanted - {one.person_id for one in people_who_grade()} or released:
        raise CannotBeAsked(field="people")
    new = wanted - set(before)
    if len(set(active(joining_id)) | new) < FEWEST_EVALUATORS:
        raise TooFew(field="people")
    if new and any(one.are_in and one.agreed is None for one in statements_of(joining_id)):
        raise GradesAreOut

    joining = Joining.objects.select_related("provider").get(pk=joining_id)
    made = Evaluator.objects.bulk_create(
        Evaluator(
            provider_id=joining.provider_id,
            joining=joining,
            person_id=person_id,
            asked_by_id=person_of(actor),
            asked_at=now,
        )
        for person_id in sorted(new)
    )
    facts = {"people": [str(one) for one in sorted(new)]}
    audit.record(Act("evaluators.asked", joining, facts), actor=actor, at=now)
    for one in made:
        context = {"provider": joining.provider.name, "joining_id": str(joining.id)}
        letter = Letter("qualification/asked_to_grade", one.person_id, context)
        send(letter, key=f"asked_to_grade:{one.id}", authority_id=REGION_ID, now=now)
    return made


@transaction.atomic
def declare(
    *, joining_id: UUID, has_conflict: bool, conflict: str = "", actor: Actor, now: datetime
) -> Evaluator:
    """Declare a conflict of interest, or none. Whoever has one is released, at any time (Q11).

    :raises NotPermitted: the actor grades nothing.
    :raises Evaluator.DoesNotExist: the actor was not asked.
    :raises Released: the actor was taken off.
    :raises AlreadyDeclared: no conflict was declared before.
    :raises ConflictMissing: a conflict is not described.
    """
    require(actor, Action.GRADE_APPLICATION)
    mine = own_locked(joining_id, actor)
    if mine.declared_at is not None and not has_conflict:
        raise AlreadyDeclared
    if has_conflict and not conflict.strip():
        raise ConflictMissing(field="conflict")

    mine.declared_at = now
    mine.has_conflict = has_conflict
    mine.conflict = conflict.strip() if has_conflict else ""
    mine.released_at = now if has_conflict else None
    mine.save(update_fields=["declared_at", "has_conflict", "conflict", "released_at"])
    facts = {"has_conflict": has_conflict}
    act = Act("evaluator.declared", mine.joining, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    if has_conflict:
        key = f"conflict:{mine.id}"
        owe(TELL_OF_CONFLICT, key=key, authority_id=REGION_ID, at=now, evaluator_id=str(mine.id))
        look_at_grades(joining_id, why=f"conflict:{mine.id}", now=now)
    return mine


@transaction.atomic
def release_evaluator(*, evaluator_id: UUID, reason: str, actor: Actor, now: datetime) -> Evaluator:
    """Go on without somebody who does not hand in; their grades do not count.

    :raises NotPermitted: only officers of the central team do this.
    :raises Released: it was done before, or they have a conflict of interest.
    :raises NotUnderstood: no reason is given.
    :raises HasHandedIn: nobody waits for them.
    """
    require(actor, Action.ASK_EVALUATORS)
    rows = Evaluator.objects.select_for_update(of=("self",)).select_related("joining", "person")
    evaluator = rows.get(pk=evaluator_id)
    if evaluator.released_at is not None:
        raise Released("They do not grade this application any more")
    if not reason.strip():
        raise NotUnderstood("Enter the reason", field="reason")
    [one] = [each for each in with_progress(evaluator.joining_id) if each.id == evaluator.id]
    if one.declared_at is not None and not one.missing:  # type: ignore[attr-defined]
        raise HasHandedIn

    evaluator.released_at = now
    evaluator.save(update_fields=["released_at"])
    facts = {"person": str(evaluator.person_id), "reason": reason.strip()}
    audit.record(Act("evaluator.released", evaluator.joining, facts), actor=actor, at=now)
    look_at_grades(evaluator.joining_id, why=f"released:{evaluator.id}", now=now)
    return evaluator


def own_locked(joining_id: UUID, actor: Actor) -> Evaluator:
    """The actor's own part, locked: a person has it open in two windows, or is just released."""
    rows = Evaluator.objects.filter(joining_id=joining_id, person_id=person_of(actor))
    if rows.get().released_at is not None:
        raise Released
    mine = rows.select_for_update(of=("self",)).select_related("joining").first()
    if mine is None or mine.released_at is not None:
        raise Released
    return mine


def look_at_grades(joining_id: UUID, *, why: str, now: datetime) -> None:
    """Owe a look whether all grades are in: who hands in last cannot see that they are."""
    owe(
        LOOK_AT_GRADES,
        key=f"look_at_grades:{joining_id}:{why}",
        authority_id=REGION_ID,
        at=now,
        joining_id=str(joining_id),
    )


@job(LOOK_AT_GRADES)
def tell_when_grades_are_in(*, joining_id: str, actor: Actor, now: datetime) -> None:
    """Tell whoever asked the evaluators that there are grades to agree; once for each hand-in."""
    one = Joining.objects.select_related("provider").get(pk=joining_id)
    ready = [
        each
        for each in statements_of(one.id)
        if each.are_in and each.agreed is None and not each.is_for_panel
    ]
    if not ready or waiting_answers([one.id]):
        return
    last = max(grade.handed_in_at for each in ready for grade in each.grades if grade.handed_in_at)
    context = {"provider": one.provider.name, "joining_id": str(one.id), "number": len(ready)}
    askers = Evaluator.objects.filter(joining=one, released_at__isnull=True)
    for person_id in sorted(set(askers.values_list("asked_by_id", flat=True))):
        letter = Letter("qualification/grades_are_in", person_id, context)
        key = f"grades_in:{one.id}:{last.isoformat()}:{person_id}"
        send(letter, key=key, authority_id=REGION_ID, now=now)


@job(TELL_OF_CONFLICT)
def tell_of_conflict(*, evaluator_id: str, actor: Actor, now: datetime) -> None:
    """Tell the officer who asked that somebody else is needed."""
    rows = Evaluator.objects.select_related("person", "joining__provider")
    evaluator = rows.get(pk=evaluator_id)
    context = {
        "evaluator": evaluator.person.name,
        "provider": evaluator.joining.provider.name,
        "conflict": evaluator.conflict,
        "still": len(active(evaluator.joining_id)),
        "joining_id": str(evaluator.joining_id),
    }
    letter = Letter("qualification/evaluator_has_conflict", evaluator.asked_by_id, context)
    send(letter, key=f"conflict:{evaluator.id}", authority_id=REGION_ID, now=now)


def _lock(joining_id: UUID) -> None:
    """The central team has no right to change a joining: its applications stand for it."""
    rows = Application.objects.filter(joining_id=joining_id, state__in=ASKED_IN)
    if not list(rows.select_for_update().order_by("id").values_list("id", flat=True)):
        raise NothingToGrade
