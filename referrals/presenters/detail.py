"""One referral on its page: what has happened, what happens next, and who can do it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from dps.actors import Actor
from dps.clock import opens_at, show_instant
from dps.permissions import Action, may
from referrals.models import Referral
from referrals.presenters.check import (
    child_rows,
    deadline_rows,
    limit_words,
    placement_rows,
    weight_rows,
)
from referrals.presenters.lists import is_closed
from referrals.services.identity import ChildDetails
from referrals.states import BEFORE_AWARD, ReferralState

_S = ReferralState
NEXT = {
    _S.DRAFT: "The commissioner finishes the tasks, looks at who will be invited, and sends it.",
    _S.GRADING: "Evaluators grade the statements, each alone, and then agree.",
    _S.RANKED: "The bids are ranked. The commissioner offers the parent a choice, or recommends"
    " an award.",
    _S.CHOOSING: "The parent or carer is choosing. After that, the commissioner goes on.",
    _S.CHOSEN: "The commissioner recommends the award.",
    _S.RECOMMENDED: "An approver looks at the recommendation and approves it, or sends it back.",
    _S.AWARDED: "Every bidder has a letter. Both sides sign the placement agreement.",
    _S.WITHDRAWN: "Nothing. Sealed bids stay sealed, and everybody invited has been told.",
}


def next_words(referral: Referral, now: datetime) -> str:
    """What happens next, in a sentence; the same whether there is one bid or none."""
    if referral.state != _S.OPEN or referral.bids_close_at is None:
        return NEXT[_S(referral.state)]
    if is_closed(referral, now):
        return (
            "Bidding has closed. Two people, a commissioner and an approver or two of either,"
            f" open the bids together, from {show_instant(opens_at(referral.bids_close_at))}."
        )
    return (
        f"Providers can bid until {show_instant(referral.bids_close_at)}. Until then nobody can"
        " see a bid, or how many there are. After that, two people open the bids together."
    )


def history(referral: Referral, now: datetime) -> list[dict[str, Any]]:
    """What has happened, newest first."""
    events = [
        (referral.raised_at, "Raised", referral.raised_by.name),
        (referral.issued_at, "Sent to providers", _name(referral.issued_by)),
        (referral.bids_close_at if is_past(referral, now) else None, "Bidding closed", ""),
        (referral.opened_at, "Bids opened", ""),
        (referral.grades_in_at, "Grading finished", ""),
        (referral.ranked_at, "Ranked", ""),
        (referral.awarded_at, "Awarded", ""),
        (referral.withdrawn_at, "Withdrawn", ""),
    ]
    happened = [(at, title, by) for at, title, by in events if at is not None]
    # Newest first; of two at one moment, the later step first.
    newest = sorted(happened, key=lambda event: event[0])[::-1]
    return [{"at": at, "title": title, "by": by} for at, title, by in newest]


def is_past(referral: Referral, now: datetime) -> bool:
    """Whether a published deadline has passed, and the referral lasted until then."""
    closes_at, ended = referral.bids_close_at, referral.withdrawn_at
    if referral.issued_at is None or closes_at is None or closes_at > now:
        return False
    return ended is None or ended > closes_at


def summary_cards(referral: Referral) -> list[dict[str, Any]]:
    return [
        {"title": "The child", "rows": child_rows(referral)},
        {
            "title": "The placement",
            "rows": [
                *placement_rows(referral),
                {"key": "Inside", "value": limit_words(referral)},
                *deadline_rows(referral),
            ],
        },
        {"title": "Weights, as published", "rows": weight_rows(referral)},
    ]


def child_details_rows(details: ChildDetails) -> list[tuple[str, str]]:
    return [
        ("Child’s name", details.child_name),
        ("Home postcode", details.postcode),
        ("Parent or carer", details.parent_name),
        ("Email address", details.parent_email),
        ("Mobile number", details.parent_phone),
    ]


def links(referral: Referral, actor: Actor) -> list[dict[str, str]]:
    """What this person can do here besides the panels of the stage."""
    found = []
    if may(actor, Action.VIEW_CHILD):
        found.append(_link("Show the child’s details", "child", referral))
    if may(actor, Action.WITHDRAW_REFERRAL) and referral.state in BEFORE_AWARD:
        found.append(_link("Withdraw this referral", "withdraw", referral))
    return found


def _link(text: str, name: str, referral: Referral) -> dict[str, str]:
    return {"text": text, "href": reverse(f"referrals:{name}", args=[referral.pk])}


def _name(person: Any) -> str:
    return "" if person is None else person.name
