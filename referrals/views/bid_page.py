"""What every page of one bid needs: the invitation, what was asked, and the costs carried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from referrals.bid_content import MOST_VARIABLE_LINES, BidContent, BidLine, with_core_lines
from referrals.forms.bids import BidForm, posted_rows
from referrals.models import Invitation, Referral
from referrals.presenters.invitation import invitation_facts
from referrals.queries.invitations import (
    carried_lines,
    invitation_for,
    is_open,
    referral_of,
    written_so_far,
)
from referrals.queries.referrals import Asked, asked


@dataclass(frozen=True)
class BidPage:
    invitation: Invitation
    referral: Referral
    lists: Asked
    carried: tuple[BidLine, ...]

    @property
    def weeks(self) -> int:
        return self.referral.weeks_per_year or 1

    @property
    def facts(self) -> list[dict[str, Any]]:
        about: dict[str, Any] = {"key": "The child", "value": f"Aged {self.referral.age}"}
        outcomes: dict[str, Any] = {
            "key": "Outcomes",
            "value": [item.text for item in self.lists.outcomes],
        }
        return [about, *invitation_facts(self.invitation), outcomes]

    def can_bid(self, now: datetime) -> bool:
        return is_open(self.invitation, now) and self.invitation.declined_at is None

    def kept(self) -> BidContent:
        """What is written so far, on the core costs of today."""
        return with_core_lines(written_so_far(self.invitation, self.carried), self.carried)

    def form(self, posted: QueryDict, *, is_strict: bool, rows: int = 0) -> BidForm:
        return BidForm(
            posted,
            lists=self.lists,
            carried=self.carried,
            initial={},
            rows=min(rows or posted_rows(posted), MOST_VARIABLE_LINES),
            is_strict=is_strict,
        )

    def unbound(self, initial: Mapping[str, Any], *, rows: int) -> BidForm:
        return BidForm(
            lists=self.lists,
            carried=self.carried,
            initial=initial,
            rows=min(rows, MOST_VARIABLE_LINES),
        )


def load(request: Any, invitation_id: UUID) -> BidPage:
    """:raises Invitation.DoesNotExist: it is another provider's."""
    invited = invitation_for(invitation_id, request.actor.provider_id)
    referral = referral_of(invited)
    carried = carried_lines(invited, weeks=referral.weeks_per_year or 1)
    return BidPage(invited, referral, asked(referral), carried)
