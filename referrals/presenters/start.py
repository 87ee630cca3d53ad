"""What waits for commissioners and for those who bid; the second half of the work adds its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from dps.actors import Actor
from dps.clock import show_instant
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from referrals.models import BidProgress, Referral
from referrals.presenters import start_evaluation
from referrals.queries.invitations import to_answer
from referrals.states import ReferralState

MOST = 10


def sections(actor: Actor, now: datetime) -> Iterator[Section]:
    if may(actor, Action.VIEW_INVITATIONS) and actor.provider_id is not None:
        yield _to_answer(actor.provider_id, now)
    if may(actor, Action.RAISE_REFERRAL):
        yield _drafts()
        yield _open_for_bids(now)
    yield from start_evaluation.sections(actor, now)


def _to_answer(provider_id: UUID, now: datetime) -> Section:
    items = tuple(_invitation(one) for one in to_answer(provider_id, now)[:MOST])
    return Section(
        heading="Invitations to answer",
        items=items,
        empty="No invitation waits for you. We email you when a council invites you.",
        more_text="All invitations",
        more_href=reverse("referrals:invitations"),
    )


def _invitation(one: Any) -> Waiting:
    is_draft = getattr(one, "progress", None) == BidProgress.State.DRAFT
    word = "Finish your bid" if is_draft else "Bid or decline"
    return Waiting(
        f"{word}: {one.reference}, {one.category.name}",
        reverse("referrals:invitation", args=[one.pk]),
        f"{one.authority.name}, for {one.establishment.name}, {one.band} from home",
        due_at=one.bids_close_at,
    )


def _drafts() -> Section:
    drafts = Referral.objects.filter(state=ReferralState.DRAFT).select_related("category")
    items = tuple(
        Waiting(
            f"Finish and send {one.reference}",
            reverse("referrals:tasks", args=[one.pk]),
            f"{one.category.name}, begun on {show_instant(one.raised_at)}",
        )
        for one in drafts.order_by("-raised_at")[:MOST]
    )
    return Section(
        heading="Referrals to send",
        items=items,
        empty="No draft waits to be sent.",
        more_text="Raise a referral",
        more_href=reverse("referrals:new"),
    )


def _open_for_bids(now: datetime) -> Section:
    out = Referral.objects.filter(state=ReferralState.OPEN, bids_close_at__gt=now)
    items = tuple(
        Waiting(
            f"{one.reference} is open for bids",
            reverse("referrals:detail", args=[one.pk]),
            f"{one.category.name}. Nobody can see a bid before then",
            due_at=one.bids_close_at,
        )
        for one in out.select_related("category").order_by("bids_close_at")[:MOST]
    )
    return Section(
        heading="Open for bids",
        items=items,
        empty="No referral is open for bids.",
        more_text="All referrals",
        more_href=reverse("referrals:list"),
    )
