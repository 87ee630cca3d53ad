"""The team's part of an application through the services: checked, graded, agreed, moderated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dps.actors import REGION_ID, Actor, system
from dps.tenancy.identity import acting_as
from qualification.models import Application
from qualification.queries.applications import contents_of, with_names
from qualification.queries.evaluation import Statement, statements_of
from qualification.services import agreeing, checking, evaluators, grading
from qualification.states import ApplicationState
from tests.factories.kernel import NOON

BOSS = system(REGION_ID)
REASON = "Clear, with results."


def clear(application: Application, *, actor: Actor, now: datetime = NOON) -> None:
    """Find every matter of it clear that is not."""
    with acting_as(actor):
        row = with_names().get(pk=application.pk)
        for each in checking.not_clear(contents_of(row)):
            checking.check(
                application_id=row.id,
                code=each.criterion.code,
                result="clear",
                actor=actor,
                now=now,
            )


def pass_stage_one(application: Application, *, actor: Actor, now: datetime = NOON) -> None:
    clear(application, actor=actor, now=now)
    with acting_as(actor):
        if with_names().get(pk=application.pk).state == ApplicationState.SUBMITTED:
            checking.pass_stage_one(application_id=application.id, actor=actor, now=now)


def ask(joining_id: UUID, people: Sequence[Actor], *, actor: Actor, now: datetime = NOON) -> None:
    """Ask them to grade; each declares to have no conflict of interest."""
    with acting_as(actor):
        evaluators.ask_evaluators(
            joining_id=joining_id,
            person_ids=[one.person_id for one in people if one.person_id],
            actor=actor,
            now=now,
        )
    for one in people:
        with acting_as(one):
            evaluators.declare(joining_id=joining_id, has_conflict=False, actor=one, now=now)


def statements(joining_id: UUID) -> list[Statement]:
    """Those being graded, as the system sees them."""
    with acting_as(BOSS):
        return statements_of(joining_id)


def grade_all(
    joining_id: UUID, grader: Actor, *, grade: int = 4, hand_in: bool = True, now: datetime = NOON
) -> None:
    waiting = [one for one in statements(joining_id) if not (one.is_for_panel or one.are_in)]
    with acting_as(grader):
        for one in waiting:
            grading.save_grade(
                answer_id=one.answer.id, grade=grade, reason=REASON, actor=grader, now=now
            )
        if hand_in and waiting:
            grading.hand_in_grades(joining_id=joining_id, actor=grader, now=now)


def agree_all(
    joining_id: UUID, *, actor: Actor, grade: int = 4, panel: bool = True, now: datetime = NOON
) -> None:
    open_ones = [one for one in statements(joining_id) if one.agreed is None]
    with acting_as(actor):
        for one in open_ones:
            if one.is_for_panel and panel:
                agreeing.grade_for_panel(
                    answer_id=one.answer.id, grade=grade, reason=REASON, actor=actor, now=now
                )
            elif not one.is_for_panel:
                agreeing.agree(
                    answer_id=one.answer.id, grade=grade, reason=REASON, actor=actor, now=now
                )


def fails(
    application: Application,
    code: str,
    *,
    actor: Actor,
    note: str = "The certificate has run out. Send the new one.",
    now: datetime = NOON,
) -> None:
    with acting_as(actor):
        checking.check(
            application_id=application.id,
            code=code,
            result="fails",
            note=note,
            actor=actor,
            now=now,
        )
