"""What a provider can do about one invitation, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dps.clock import show_instant
from referrals.models import BidDraft, Invitation, SealedBid
from referrals.queries.invitations import is_open
from referrals.states import ReferralState


@dataclass(frozen=True)
class Answer:
    """Which buttons the page offers."""

    can_bid: bool
    bid_words: str
    can_withdraw: bool
    can_decline: bool
    can_take_back: bool
    draft_words: str = ""


def answer_of(
    invitation: Invitation, sent: list[SealedBid], draft: BidDraft | None, now: datetime
) -> Answer:
    still_open = is_open(invitation, now)
    declined = invitation.declined_at is not None
    stands = bool(sent) and not sent[0].is_withdrawal
    words = "Start your bid"
    if draft is not None:
        words = "Continue your bid"
    elif stands:
        words = "Change your bid"
    saved = ""
    if draft is not None and still_open:
        saved = (
            f"Your draft was saved on {show_instant(draft.saved_at)}."
            " A draft is not a bid: only what you submit counts."
        )
    return Answer(
        can_bid=still_open and not declined,
        bid_words=words,
        can_withdraw=still_open and stands,
        can_decline=still_open and not declined and not stands,
        can_take_back=still_open and declined,
        draft_words=saved,
    )


def invitation_facts(invitation: Invitation) -> list[dict[str, str]]:
    return [
        {"key": "Council", "value": invitation.authority.name},
        {"key": "Category", "value": f"{invitation.category.service}: {invitation.category.name}"},
        {"key": "From home", "value": invitation.band},
        {"key": "Bids close", "value": show_instant(invitation.bids_close_at)},
    ]


def has_result(invitation: Invitation, sent: list[SealedBid]) -> bool:
    """Whether there is a letter to read: the award is made, and this bid was in it."""
    stands = bool(sent) and not sent[0].is_withdrawal
    return stands and invitation.referral_state == ReferralState.AWARDED


def next_words(invitation: Invitation, sent: list[SealedBid], now: datetime) -> str:
    closes = show_instant(invitation.bids_close_at)
    stands = bool(sent) and not sent[0].is_withdrawal
    if invitation.referral_state == ReferralState.WITHDRAWN:
        return "Nothing. The council has withdrawn this referral, and sealed bids stay sealed."
    if is_open(invitation, now):
        if invitation.declined_at is not None:
            return f"Nothing, unless you take your answer back before {closes}."
        if stands:
            return (
                f"Your bid is sealed until {closes}. You can change or withdraw it until then."
                " After that the council opens all bids together, and you will get a letter."
            )
        return f"Bid or decline before {closes}. A bid received at that moment or later is refused."
    if stands:
        return "The council opens all bids together and grades them. You will get a letter."
    return f"Bidding closed on {closes}. There is nothing more for you to do."
