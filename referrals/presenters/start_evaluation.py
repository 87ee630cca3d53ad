"""What waits for those who open, grade, choose and award."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from dps.actors import Actor
from dps.clock import GRACE
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from referrals.models import Referral
from referrals.queries.grading import to_grade
from referrals.states import ReferralState

MOST = 10
_S = ReferralState
NEXT_STEPS: dict[ReferralState, tuple[str, str]] = {
    _S.RANKED: ("{} is ranked", "Look at the result and decide the next step"),
    _S.CHOSEN: ("The parent’s choice for {} is settled", "Recommend the award"),
}


def sections(actor: Actor, now: datetime) -> Iterator[Section]:
    if may(actor, Action.GRADE_BIDS):
        yield _grading(actor)
    if may(actor, Action.OPEN_BIDS):
        yield _opening(now)
    if may(actor, Action.RECOMMEND_AWARD):
        yield _deciding()
    if may(actor, Action.APPROVE_AWARD):
        yield _approving()


def _grading(actor: Actor) -> Section:
    rows = [row for row in to_grade(actor.person_id)[:50] if _waits_for(row)]
    items = tuple(
        Waiting(
            f"{'Agree the grades' if row.grades_in_at else 'Grade the bids'} of {row.reference}",
            reverse("referrals:agree" if row.grades_in_at else "referrals:grading", args=[row.id]),
            f"{row.category.name}, {row.papers} to grade",
        )
        for row in rows[:MOST]
    )
    more = reverse("referrals:grading_list")
    return Section("To grade", items, "No bids wait to be graded.", "All grading", more)


def _waits_for(row: object) -> bool:
    """In grading: until the person hands in; in agreeing: for those who graded."""
    if row.grades_in_at is not None:  # type: ignore[attr-defined]
        return bool(row.handed_in)  # type: ignore[attr-defined]
    return not row.handed_in  # type: ignore[attr-defined]


def _opening(now: datetime) -> Section:
    rows = Referral.objects.filter(state=_S.OPEN, bids_close_at__lte=now - GRACE)
    items = tuple(
        Waiting(
            f"Open the bids of {row.reference}",
            reverse("referrals:opening", args=[row.id]),
            f"{row.category.name}. Two people open them together",
        )
        for row in rows.select_related("category").order_by("bids_close_at")[:MOST]
    )
    return Section("Bids to open", items, "No bids wait to be opened.")


def _deciding() -> Section:
    rows = Referral.objects.filter(state__in=list(NEXT_STEPS)).order_by("ranked_at")[:MOST]
    items = tuple(
        Waiting(
            NEXT_STEPS[_S(row.state)][0].format(row.reference),
            reverse("referrals:detail", args=[row.id]),
            NEXT_STEPS[_S(row.state)][1],
        )
        for row in rows
    )
    return Section("To decide", items, "No ranking waits for you.")


def _approving() -> Section:
    rows = Referral.objects.filter(state=_S.RECOMMENDED).select_related("category")
    items = tuple(
        Waiting(
            f"Approve or return the award of {row.reference}",
            reverse("referrals:decide_award", args=[row.id]),
            row.category.name,
        )
        for row in rows.order_by("ranked_at")[:MOST]
    )
    return Section("Awards to approve", items, "No award waits for approval.")
