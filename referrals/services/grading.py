"""Grading: each evaluator alone, until all who began have handed in (R10, BC 8.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from dps.services.messages import Letter, send
from referrals.models import GradeSheet, GradingPaper, OutcomeGrade, Referral
from referrals.queries.evaluation import openers_of, sheets_of, things_to_grade
from referrals.scoring_terms import HIGHEST_GRADE
from referrals.services.people import person_of
from referrals.services.stages import locked, refuse_unless_possible
from referrals.states import ReferralStep

FEWEST_EVALUATORS = 2


class OpenedTheBids(Refusal):
    message = "You opened these bids, so you have seen who bid. Somebody else has to grade them"


class NothingToGrade(Refusal):
    message = "There is no bid to grade"


class GradingIsOver(Refusal):
    message = "All grades are in. Nobody can begin grading, or change a grade, any more"


class AlreadyBegan(Refusal):
    message = "You have begun grading these bids already"


class DeclareFirst(Refusal):
    message = "Before you grade, say that you have no conflict of interest"


class HandedIn(Refusal):
    message = "You have handed in your grades. They cannot be changed"


class GradeMissing(NotUnderstood):
    message = "Grade every outcome of every bid before you hand in"


class NotAGrade(NotUnderstood):
    message = f"A grade is a whole number from 0 to {HIGHEST_GRADE}"


@dataclass(frozen=True, slots=True)
class Mark:
    """One grade 0 to 5 of one outcome, with an evaluator's own note."""

    key: str
    grade: int
    note: str = ""


@transaction.atomic
def declare_no_conflict(*, referral_id: UUID, actor: Actor, now: datetime) -> GradeSheet:
    """
    Begin grading, by declaring to have no conflict of interest (Q11, R10).

    :raises NotPermitted: the actor is no evaluator.
    :raises Referral.DoesNotExist: there is no such referral for this actor.
    :raises IllegalTransition: the referral is not being evaluated.
    :raises GradingIsOver: all grades are in.
    :raises OpenedTheBids: the actor is one of the two who opened.
    :raises NothingToGrade: nobody bid.
    :raises AlreadyBegan: the actor has a sheet.
    """
    require(actor, Action.GRADE_BIDS)
    referral = _locked_in_grading(referral_id)
    if actor.person_id in openers_of(referral):
        raise OpenedTheBids
    if not GradingPaper.objects.filter(referral_id=referral.id).exists():
        raise NothingToGrade
    if GradeSheet.objects.filter(referral_id=referral.id, evaluator_id=actor.person_id).exists():
        raise AlreadyBegan

    sheet = GradeSheet.objects.create(
        authority_id=referral.authority_id,
        referral_id=referral.id,
        evaluator_id=person_of(actor),
        no_conflict_declared_at=now,
    )
    audit.record(Act("grading.no_conflict_declared", referral), actor=actor, at=now)
    return sheet


@transaction.atomic
def save_grades(
    *, referral_id: UUID, bid_id: UUID, marks: Sequence[Mark], actor: Actor, now: datetime
) -> None:
    """
    Save the actor's own grades of one paper; some may still be missing (R10).

    :raises NotPermitted: the actor is no evaluator.
    :raises GradingPaper.DoesNotExist: there is no such paper.
    :raises IllegalTransition: the referral is not being evaluated.
    :raises GradingIsOver: all grades are in.
    :raises DeclareFirst: the actor has not declared to have no conflict of interest.
    :raises HandedIn: the actor's grades are final.
    :raises NotAGrade: a grade is not 0 to 5, or is of something that is not graded.
    """
    require(actor, Action.GRADE_BIDS)
    referral = _locked_in_grading(referral_id)
    paper = GradingPaper.objects.get(referral_id=referral.id, bid_id=bid_id)
    _own_open_sheet(referral, actor)
    asked = things_to_grade(referral)
    for mark in marks:
        if mark.key not in asked or not 0 <= mark.grade <= HIGHEST_GRADE:
            raise NotAGrade(field=mark.key)

    rows = [
        OutcomeGrade(
            authority_id=referral.authority_id,
            referral_id=referral.id,
            bid_id=bid_id,
            key=mark.key,
            evaluator_id=person_of(actor),
            grade=mark.grade,
            note=mark.note,
            graded_at=now,
        )
        for mark in marks
    ]
    OutcomeGrade.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["authority", "bid", "key", "evaluator"],
        update_fields=["grade", "note", "graded_at"],
    )
    facts = {"paper": paper.label, "grades": len(rows)}
    audit.record(Act("grades.saved", referral, facts), actor=actor, at=now)


@transaction.atomic
def hand_in(*, referral_id: UUID, actor: Actor, now: datetime) -> Referral:
    """
    Make the actor's grades final. When at least two have handed in, and all who began, the grades
    are shown to all of them, and agreeing begins (R10).

    :raises NotPermitted: the actor is no evaluator.
    :raises IllegalTransition: the referral is not being evaluated.
    :raises GradingIsOver: all grades are in.
    :raises DeclareFirst: the actor has not begun.
    :raises HandedIn: the actor has handed in.
    :raises GradeMissing: an outcome of a paper has no grade.
    """
    require(actor, Action.GRADE_BIDS)
    referral = _locked_in_grading(referral_id)
    sheet = _own_open_sheet(referral, actor)
    _refuse_gaps(referral, actor)

    sheet.handed_in_at = now
    sheet.save(update_fields=["handed_in_at"])
    audit.record(Act("grades.handed_in", referral), actor=actor, at=now)
    _look_whether_all_are_in(referral, now=now)
    return referral


@transaction.atomic
def step_back(*, referral_id: UUID, actor: Actor, now: datetime) -> Referral:
    """
    Stop grading before handing in: the others need not wait. The actor's grades are deleted.

    :raises NotPermitted: the actor is no evaluator.
    :raises IllegalTransition: the referral is not being evaluated.
    :raises GradingIsOver: all grades are in.
    :raises DeclareFirst: the actor has not begun.
    :raises HandedIn: the actor has handed in.
    """
    require(actor, Action.GRADE_BIDS)
    referral = _locked_in_grading(referral_id)
    sheet = _own_open_sheet(referral, actor)

    own = OutcomeGrade.objects.filter(referral_id=referral.id, evaluator_id=actor.person_id)
    own.delete()
    sheet.delete()
    audit.record(Act("grading.stepped_back", referral), actor=actor, at=now)
    _look_whether_all_are_in(referral, now=now)
    return referral


@transaction.atomic
def release_grader(*, referral_id: UUID, sheet_id: UUID, actor: Actor, now: datetime) -> Referral:
    """
    Go on without an evaluator who began and does not hand in: ill, or gone. Their grades do not
    count.

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the referral is not being evaluated.
    :raises GradingIsOver: all grades are in.
    :raises GradeSheet.DoesNotExist: nobody began with this sheet.
    :raises HandedIn: they have handed in.
    """
    require(actor, Action.RECOMMEND_AWARD)
    referral = _locked_in_grading(referral_id)
    sheet = GradeSheet.objects.get(id=sheet_id, referral_id=referral.id)
    if sheet.handed_in_at is not None:
        raise HandedIn("They have handed in their grades, so nobody waits for them")

    facts = {"evaluator": str(sheet.evaluator_id)}
    sheet.delete()
    audit.record(Act("grading.released", referral, facts), actor=actor, at=now)
    _look_whether_all_are_in(referral, now=now)
    return referral


def _locked_in_grading(referral_id: UUID) -> Referral:
    referral = locked(referral_id)
    refuse_unless_possible(referral, ReferralStep.RANK)
    if referral.grades_in_at is not None:
        raise GradingIsOver
    return referral


def _own_open_sheet(referral: Referral, actor: Actor) -> GradeSheet:
    sheet = GradeSheet.objects.filter(referral_id=referral.id, evaluator_id=actor.person_id).first()
    if sheet is None:
        raise DeclareFirst
    if sheet.handed_in_at is not None:
        raise HandedIn
    return sheet


def _refuse_gaps(referral: Referral, actor: Actor) -> None:
    graded = set(
        OutcomeGrade.objects.filter(
            referral_id=referral.id, evaluator_id=actor.person_id
        ).values_list("bid_id", "key")
    )
    keys = things_to_grade(referral)
    papers = GradingPaper.objects.filter(referral_id=referral.id)
    gaps = [p.label for p in papers if any((p.bid_id, key) not in graded for key in keys)]
    if gaps:
        raise GradeMissing(
            f"Grade every outcome before you hand in. Still to do: {', '.join(gaps)}"
        )


def _look_whether_all_are_in(referral: Referral, *, now: datetime) -> None:
    sheets = sheets_of(referral.id)
    if len(sheets) < FEWEST_EVALUATORS or any(sheet.handed_in_at is None for sheet in sheets):
        return
    referral.grades_in_at = now
    referral.save(update_fields=["grades_in_at"])
    for sheet in sheets:
        context = {"reference": referral.reference, "referral_id": str(referral.id)}
        send(
            Letter("referrals/grades_to_agree", sheet.evaluator_id, context),
            key=f"agree:{referral.id}:{sheet.evaluator_id}",
            authority_id=referral.authority_id,
            now=now,
        )
