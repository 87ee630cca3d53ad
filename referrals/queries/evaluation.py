"""What is known of the bids of one referral once they are open."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from dps.actors import Actor
from dps.permissions import Action, may
from qualification.queries.qualified import suspended_between
from referrals.models import Bid, Evaluation, GradeSheet, OpeningApproval, Outcome, Referral
from referrals.states import ReferralState

APPROVALS_TOGETHER = timedelta(minutes=30)
"""How far apart the approvals of the two who open may lie; the database's function knows it too."""

INCENTIVE_KEY = "_incentive"
INCENTIVE_TEXT = "Early step-down: how the placement helps the child to need less support in time"


def openers_of(referral: Referral) -> frozenset[UUID]:
    """The two people who opened the bids."""
    if referral.opened_at is None:
        return frozenset()
    rows = OpeningApproval.objects.filter(
        referral_id=referral.id, approved_at__gt=referral.opened_at - APPROVALS_TOGETHER
    )
    return frozenset(rows.values_list("person_id", flat=True))


def is_kept_blind(referral: Referral, actor: Actor) -> bool:
    """
    Whether this person may yet grade these bids, or is grading them, so that no page tells them
    who bid until the agreed grades are confirmed (BC 8.6). The two who opened know, and may not
    grade.
    """
    return (
        referral.state == ReferralState.GRADING
        and may(actor, Action.GRADE_BIDS)
        and actor.person_id not in openers_of(referral)
    )


def approvals_in_force(referral_id: UUID, *, now: datetime) -> list[OpeningApproval]:
    """Approvals that still count towards the opening, oldest first."""
    rows = OpeningApproval.objects.filter(
        referral_id=referral_id, approved_at__gt=now - APPROVALS_TOGETHER
    )
    return list(rows.select_related("person").order_by("approved_at"))


def bids_of(referral_id: UUID) -> list[Bid]:
    return list(
        Bid.objects.filter(referral_id=referral_id)
        .select_related("establishment", "provider")
        .order_by("label")
    )


def suspended_since_opening(
    referral: Referral, establishment_ids: list[UUID], *, now: datetime
) -> frozenset[UUID]:
    """
    Establishments whose bids are set aside: suspended at the opening or at any time until the
    award, even if reinstated since (R5).
    """
    if referral.opened_at is None or not establishment_ids:
        return frozenset()
    until = referral.awarded_at or max(now, referral.opened_at)
    return frozenset(suspended_between(establishment_ids, referral.opened_at, until))


def latest_evaluation(referral_id: UUID) -> Evaluation | None:
    return Evaluation.objects.filter(referral_id=referral_id).order_by("-number").first()


def things_to_grade(referral: Referral) -> dict[str, str]:
    """Key to words of what evaluators grade: the outcomes, and the incentive if it has weight."""
    rows = Outcome.objects.filter(referral_id=referral.id)
    asked = dict(rows.values_list("key", "text"))
    if referral.weight_incentive:
        asked[INCENTIVE_KEY] = INCENTIVE_TEXT
    return asked


def sheets_of(referral_id: UUID) -> list[GradeSheet]:
    return list(
        GradeSheet.objects.filter(referral_id=referral_id)
        .select_related("evaluator")
        .order_by("no_conflict_declared_at")
    )
