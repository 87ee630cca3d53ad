"""Moderation: the grade that counts, agreed once all are in, and the panel's (Q11, BC 6.3)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import IllegalTransition, NotFound, NotUnderstood, Refusal
from qualification.grades import GRADES
from qualification.models import AgreedGrade, Application, SentAnswer
from qualification.queries.applications import contents_of, with_names
from qualification.queries.evaluation import FAR_APART, Statement, statement
from qualification.services.grading import NotAGrade
from qualification.services.people import person_of
from qualification.states import APPLICATION, DECIDED, ApplicationState, ApplicationStep

COUNTED = (ApplicationState.MODERATED, *DECIDED)
LONGEST_WORDS = 4000


class NotBeingGraded(IllegalTransition):
    message = "No application with this statement is being graded now"


class GradesStillOut(Refusal):
    message = "Not everybody who was asked has handed in a grade of this statement yet"


class AgreedMeanwhile(Refusal):
    message = (
        "Another officer has agreed a grade of this statement after you opened the page. Look at"
        " it before you change it"
    )


class HasCounted(Refusal):
    message = "This grade has counted in an application that is moderated or decided"


class ReasonMissing(NotUnderstood):
    message = "Enter the reason for the grade. The provider reads it"


class NoteMissing(NotUnderstood):
    message = (
        "The grades are 2 or more apart. Enter a note that says how you came to the agreed grade"
    )


class NotAllAgreed(Refusal):
    message = "Not every statement has an agreed grade yet"


@transaction.atomic
def agree(
    *,
    answer_id: UUID,
    grade: int,
    reason: str,
    note: str = "",
    seen: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> AgreedGrade:
    """Record the consensus on one statement, with the reason that the provider reads.

    `seen` is when the agreed grade was made that the officer has seen, if there was one.

    :raises NotPermitted: only officers of the central team moderate.
    :raises NotFound: it is no statement that evaluators grade.
    :raises NotBeingGraded: no application with it is being graded.
    :raises GradesStillOut: not all grades are in.
    :raises AgreedMeanwhile, HasCounted: another officer was first, or the grade has counted.
    :raises NotAGrade, ReasonMissing, NoteMissing: what is entered is not complete.
    """
    require(actor, Action.AGREE_GRADES)
    one = _locked(answer_id)
    if one.is_for_panel:
        raise NotFound
    if not one.are_in:
        raise GradesStillOut
    return _agree(one, (grade, reason, note), seen=seen, actor=actor, now=now)


@transaction.atomic
def grade_for_panel(
    *,
    answer_id: UUID,
    grade: int,
    reason: str,
    seen: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> AgreedGrade:
    """Record the young people's panel's grade of its own question, in its own words (BC 6.3).

    :raises NotPermitted: only officers of the central team sit with the panel.
    :raises NotFound: it is not the panel's question.
    :raises Refusal: as `agree` does.
    """
    require(actor, Action.GRADE_FOR_PANEL)
    one = _locked(answer_id)
    if not one.is_for_panel:
        raise NotFound
    return _agree(one, (grade, reason, ""), seen=seen, actor=actor, now=now)


@transaction.atomic
def moderate(*, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """All grades are agreed: a second person decides next (Q15). With no statement it goes through.

    :raises NotPermitted: only officers of the central team moderate.
    :raises IllegalTransition: it is not being graded.
    :raises NotAllAgreed: a statement has no agreed grade.
    """
    require(actor, Action.AGREE_GRADES)
    application = with_names().select_for_update(of=("self",)).get(pk=application_id)
    after = APPLICATION.after(ApplicationState(application.state), ApplicationStep.MODERATE)
    lacking = contents_of(application).ungraded
    if lacking:
        titles = ", ".join(each.criterion.title for each in lacking)
        raise NotAllAgreed(f"These statements have no agreed grade yet: {titles}")

    application.state = after
    application.moderated_at, application.moderated_by_id = now, actor.person_id
    application.save(update_fields=["state", "moderated_at", "moderated_by"])
    audit.record(Act("application.moderated", application), actor=actor, at=now)
    return application


@transaction.atomic
def grade_again(*, application_id: UUID, reason: str, actor: Actor, now: datetime) -> Application:
    """Open a moderated application again, so that agreed grades can be changed (Q15).

    :raises NotPermitted: only officers of the central team do this.
    :raises IllegalTransition: it is not moderated, or is decided.
    :raises ReasonMissing: no reason is given.
    """
    require(actor, Action.AGREE_GRADES)
    application = with_names().select_for_update(of=("self",)).get(pk=application_id)
    after = APPLICATION.after(ApplicationState(application.state), ApplicationStep.GRADE_AGAIN)
    if not reason.strip():
        raise ReasonMissing("Enter the reason for opening it again", field="reason")

    application.state = after
    application.moderated_at = application.moderated_by_id = None
    application.save(update_fields=["state", "moderated_at", "moderated_by"])
    facts = {"reason": reason.strip()}
    audit.record(Act("application.opened_again", application, facts), actor=actor, at=now)
    return application


def _locked(answer_id: UUID) -> Statement:
    """The statement, with every application that was sent with it locked in one order."""
    sent = SentAnswer.objects.filter(answer_id=answer_id).values("application_id")
    rows = Application.objects.select_for_update().filter(id__in=sent).order_by("id")
    if not list(rows):
        raise NotFound
    found = statement(answer_id, states=(ApplicationState.EVALUATION, *COUNTED))
    if found is None or not any(
        each.state == ApplicationState.EVALUATION for each in found.applications
    ):
        raise NotBeingGraded
    return found


def _agree(
    one: Statement,
    given: tuple[int, str, str],
    *,
    seen: datetime | None,
    actor: Actor,
    now: datetime,
) -> AgreedGrade:
    grade, reason, note = given
    _refuse_unseen(one, seen)
    if grade not in GRADES:
        raise NotAGrade(field="grade")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if one.spread >= FAR_APART and not one.is_for_panel and not note.strip():
        raise NoteMissing(field="note")

    row = one.agreed or AgreedGrade(provider_id=one.answer.provider_id, answer=one.answer)
    before = row.grade
    row.grade, row.reason = grade, reason.strip()[:LONGEST_WORDS]
    row.note, row.is_of_panel = note.strip()[:LONGEST_WORDS], one.is_for_panel
    row.agreed_by_id, row.agreed_at = person_of(actor), now
    facts = {
        "question": one.question.code,
        "answer_id": str(one.answer.id),
        "before": before,
        "grade": grade,
        "spread": one.spread,
        "is_of_panel": one.is_for_panel,
    }
    row.save()
    audit.record(Act("statement.agreed", one.answer.joining, facts), actor=actor, at=now)
    return row


def _refuse_unseen(one: Statement, seen: datetime | None) -> None:
    if one.agreed is None:
        return
    counted = [each for each in one.applications if each.state in COUNTED]
    if counted:
        name = counted[0].establishment.name
        raise HasCounted(
            f"This grade has counted in an application that is moderated or decided: {name}. Open"
            " a moderated one again first; what is decided is changed by a review of the score"
        )
    if seen != one.agreed.agreed_at:
        raise AgreedMeanwhile
