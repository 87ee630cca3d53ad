"""Agreeing: one evaluator records the grades that all settled on, the others confirm (R10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from referrals.models import (
    ConsensusConfirmation,
    ConsensusGrade,
    GradeSheet,
    GradingPaper,
    Referral,
)
from referrals.queries.evaluation import sheets_of, things_to_grade
from referrals.scoring_terms import HIGHEST_GRADE
from referrals.services.people import person_of
from referrals.services.ranking import rank
from referrals.services.stages import locked, refuse_unless_possible
from referrals.states import ReferralStep


class GradesStillOut(Refusal):
    message = "Not everybody who began has handed in their grades yet"


class NotAGrader(Refusal):
    message = "Only those who graded these bids agree the grades"


class NothingRecorded(Refusal):
    message = "Nobody has recorded the agreed grades yet"


class OwnRecord(Refusal):
    message = "You recorded these grades. The others who graded have to confirm them"


class AlreadyConfirmed(Refusal):
    message = "You have confirmed these grades already"


class RecordChanged(Refusal):
    message = "The agreed grades were changed after you opened this page. Look at them again"


class GradesIncomplete(NotUnderstood):
    message = "Enter an agreed grade for each outcome of each bid"


class NoteMissing(NotUnderstood):
    message = "Say in a sentence why these grades were agreed"


@dataclass(frozen=True, slots=True)
class Agreed:
    """The grades agreed for one bid, and why, in one note."""

    bid_id: UUID
    grades: Mapping[str, int]
    note: str


@transaction.atomic
def record_consensus(
    *, referral_id: UUID, agreed: Sequence[Agreed], actor: Actor, now: datetime
) -> Referral:
    """
    Record the grades that the evaluators agreed; a new record takes the place of an earlier one
    and its confirmations (R10).

    :raises NotPermitted: the actor is no evaluator.
    :raises IllegalTransition: the referral is not being evaluated.
    :raises GradesStillOut: not all grades are in.
    :raises NotAGrader: the actor did not grade these bids.
    :raises GradesIncomplete: a grade is missing, not 0 to 5, or of something not graded.
    :raises NoteMissing: a bid has no note.
    """
    require(actor, Action.GRADE_BIDS)
    referral = _locked_in_agreeing(referral_id, actor)
    _refuse_incomplete(referral, agreed)

    ConsensusConfirmation.objects.filter(referral_id=referral.id).delete()
    ConsensusGrade.objects.filter(referral_id=referral.id).delete()
    ConsensusGrade.objects.bulk_create(
        ConsensusGrade(
            authority_id=referral.authority_id,
            referral_id=referral.id,
            bid_id=one.bid_id,
            key=key,
            grade=grade,
            note=one.note.strip(),
            recorded_by_id=person_of(actor),
            recorded_at=now,
        )
        for one in agreed
        for key, grade in one.grades.items()
    )
    facts = {"grades": {str(one.bid_id): dict(one.grades) for one in agreed}}
    audit.record(Act("consensus.recorded", referral, facts), actor=actor, at=now)
    _tell_the_others(referral, actor=actor, now=now)
    return referral


@transaction.atomic
def confirm_consensus(
    *, referral_id: UUID, actor: Actor, now: datetime, recorded_at: datetime | None = None
) -> Referral:
    """
    Confirm the agreed grades, as they were recorded at `recorded_at`; the last confirmation ranks
    the bids and freezes the evaluation (R10, A1).

    :raises NotPermitted: the actor is no evaluator.
    :raises IllegalTransition: the referral is not being evaluated.
    :raises GradesStillOut: not all grades are in.
    :raises NotAGrader: the actor did not grade these bids.
    :raises NothingRecorded: there are no agreed grades.
    :raises RecordChanged: they were recorded anew since.
    :raises OwnRecord: the actor recorded them.
    :raises AlreadyConfirmed: the actor has confirmed them.
    """
    require(actor, Action.GRADE_BIDS)
    referral = _locked_in_agreeing(referral_id, actor)
    record = ConsensusGrade.objects.filter(referral_id=referral.id).first()
    if record is None:
        raise NothingRecorded
    if recorded_at is not None and record.recorded_at != recorded_at:
        raise RecordChanged
    if record.recorded_by_id == actor.person_id:
        raise OwnRecord
    confirmed = _confirmed(referral.id)
    if actor.person_id in confirmed:
        raise AlreadyConfirmed

    ConsensusConfirmation.objects.create(
        authority_id=referral.authority_id,
        referral_id=referral.id,
        evaluator_id=person_of(actor),
        confirmed_at=now,
    )
    audit.record(Act("consensus.confirmed", referral), actor=actor, at=now)
    agreeing = {sheet.evaluator_id for sheet in sheets_of(referral.id)}
    if agreeing <= confirmed | {actor.person_id, record.recorded_by_id}:
        rank(referral, step=ReferralStep.RANK, actor=actor, now=now)
    return referral


def _locked_in_agreeing(referral_id: UUID, actor: Actor) -> Referral:
    referral = locked(referral_id)
    refuse_unless_possible(referral, ReferralStep.RANK)
    if referral.grades_in_at is None:
        raise GradesStillOut
    if not GradeSheet.objects.filter(
        referral_id=referral.id, evaluator_id=actor.person_id
    ).exists():
        raise NotAGrader
    return referral


def _confirmed(referral_id: UUID) -> set[UUID]:
    rows = ConsensusConfirmation.objects.filter(referral_id=referral_id)
    return set(rows.values_list("evaluator_id", flat=True))


def _refuse_incomplete(referral: Referral, agreed: Sequence[Agreed]) -> None:
    keys = set(things_to_grade(referral))
    papers = set(
        GradingPaper.objects.filter(referral_id=referral.id).values_list("bid_id", flat=True)
    )
    if [one.bid_id for one in agreed] != list(dict.fromkeys(one.bid_id for one in agreed)) or (
        {one.bid_id for one in agreed} != papers
    ):
        raise GradesIncomplete
    for one in agreed:
        is_in_bounds = all(0 <= grade <= HIGHEST_GRADE for grade in one.grades.values())
        if set(one.grades) != keys or not is_in_bounds:
            raise GradesIncomplete
        if not one.note.strip():
            raise NoteMissing(field=str(one.bid_id))


def _tell_the_others(referral: Referral, *, actor: Actor, now: datetime) -> None:
    for sheet in sheets_of(referral.id):
        if sheet.evaluator_id == actor.person_id:
            continue
        context = {
            "reference": referral.reference,
            "recorded_by": actor.name,
            "referral_id": str(referral.id),
        }
        send(
            Letter("referrals/grades_to_confirm", sheet.evaluator_id, context),
            key=f"confirm:{referral.id}:{sheet.evaluator_id}:{now.isoformat()}",
            authority_id=referral.authority_id,
            now=now,
        )
