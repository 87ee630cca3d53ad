"""The words, colours and rows of the two lists: a council's referrals, a provider's invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html

from dps.clock import show_instant
from dps.govuk.tables import Table
from dps.govuk.templatetags.govuk import govuk_tag
from referrals.models import BidProgress, Invitation, Referral
from referrals.queries.invitations import is_open
from referrals.states import WORDS, ReferralState

CLOSED = "closed"
CLOSED_WORDS = "Bidding closed"
STAGES = (
    *((state.value, words) for state, words in list(WORDS.items())[:2]),
    (CLOSED, CLOSED_WORDS),
    *((state.value, words) for state, words in list(WORDS.items())[2:]),
)
COLOURS = {
    ReferralState.DRAFT: "grey",
    ReferralState.OPEN: "blue",
    ReferralState.GRADING: "yellow",
    ReferralState.RANKED: "yellow",
    ReferralState.CHOOSING: "purple",
    ReferralState.CHOSEN: "purple",
    ReferralState.RECOMMENDED: "orange",
    ReferralState.AWARDED: "green",
    ReferralState.WITHDRAWN: "red",
}


def is_closed(referral: Referral, now: datetime) -> bool:
    """Bids can no longer come in, and nobody has opened them: by the clock alone."""
    closes_at = referral.bids_close_at
    return referral.state == ReferralState.OPEN and closes_at is not None and now >= closes_at


def stage_words(referral: Referral, now: datetime) -> str:
    return CLOSED_WORDS if is_closed(referral, now) else WORDS[ReferralState(referral.state)]


def stage_colour(referral: Referral, now: datetime) -> str:
    return "turquoise" if is_closed(referral, now) else COLOURS[ReferralState(referral.state)]


class ReferralTable(Table):
    caption = "Referrals"
    things = ("referral", "referrals")

    reference = django_tables2.Column(linkify=lambda record: _referral_page(record))
    category = django_tables2.Column(
        verbose_name="Category", accessor="category__name", order_by="category__name"
    )
    age = django_tables2.Column(verbose_name="Age", default="")
    state = django_tables2.Column(verbose_name="Stage")
    bids_close_at = django_tables2.Column(verbose_name="Bids close", default="Not set")
    raised_by = django_tables2.Column(
        verbose_name="Raised by", accessor="raised_by__name", order_by="raised_by__name"
    )

    class Meta(Table.Meta):
        order_by_field = "sort"

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        self.now = now
        super().__init__(*args, **kwargs)

    def render_state(self, record: Referral) -> str:
        return govuk_tag(stage_words(record, self.now), stage_colour(record, self.now))

    def render_bids_close_at(self, value: datetime) -> str:
        return show_instant(value)


def _referral_page(referral: Referral) -> str:
    return reverse("referrals:detail", args=[referral.pk])


TO_ANSWER, ANSWERED, OVER = "to_answer", "answered", "over"
SHOWN = ((TO_ANSWER, "To answer"), (ANSWERED, "Answered"), (OVER, "Closed or withdrawn"))


def invitation_status(invitation: Invitation, now: datetime) -> tuple[str, str]:
    """What the provider has done about it, in words and a colour."""
    progress = getattr(invitation, "progress", None)
    if invitation.referral_state == ReferralState.WITHDRAWN:
        return "Withdrawn by the council", "red"
    if invitation.declined_at is not None:
        return "Declined", "grey"
    if progress == BidProgress.State.SUBMITTED:
        if invitation.referral_state == ReferralState.AWARDED:
            return "The result is out", "turquoise"
        return "Bid submitted", "green"
    if not is_open(invitation, now):
        return "Closed", "grey"
    if progress == BidProgress.State.WITHDRAWN:
        return "Bid withdrawn", "yellow"
    if progress == BidProgress.State.DRAFT:
        return "Draft saved", "light-blue"
    return "To answer", "blue"


class InvitationTable(Table):
    caption = "Invitations"
    things = ("invitation", "invitations")

    reference = django_tables2.Column(linkify=lambda record: _invitation_page(record))
    establishment = django_tables2.Column(
        verbose_name="Establishment",
        accessor="establishment__name",
        order_by="establishment__name",
    )
    council = django_tables2.Column(
        verbose_name="Council", accessor="authority__name", order_by="authority__name"
    )
    category = django_tables2.Column(
        verbose_name="Category", accessor="category__name", order_by="category__name"
    )
    band = django_tables2.Column(verbose_name="From home")
    bids_close_at = django_tables2.Column(verbose_name="Bids close")
    status = django_tables2.Column(empty_values=(), orderable=False)

    class Meta(Table.Meta):
        order_by_field = "sort"
        empty_text = "No invitations here. Change or clear the filter to see others."

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        self.now = now
        super().__init__(*args, **kwargs)

    def render_bids_close_at(self, value: datetime) -> str:
        return show_instant(value)

    def render_status(self, record: Invitation) -> str:
        return format_html("{}", govuk_tag(*invitation_status(record, self.now)))


def _invitation_page(invitation: Invitation) -> str:
    return reverse("referrals:invitation", args=[invitation.pk])
