"""A bid as its provider reads it: the cost for a year, the summary, the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from dps.clock import LONDON, show_date
from dps.hundredths import show_hundredths
from dps.money import Basis, annual, show
from referrals import sealing
from referrals.bid_content import BidContent, BidLine
from referrals.forms.bids import BASIS_WORDS
from referrals.models import Invitation, SealedBid
from referrals.queries.referrals import Asked, Item
from referrals.scoring_terms import LineKind

REVISION_HEAD = ("Receipt", "What", "Received", "Now")
RECEIPT_KIND = "placement bid receipt, version 1"


@dataclass(frozen=True)
class Cost:
    """The cost for a year as scoring works it out, with its lines."""

    total: str
    rows: list[list[str]]
    discount: str


def cost_of(content: BidContent, weeks: int) -> Cost:
    rows = [
        [line.title or "Other cost", _amount(line), _for_a_year(line, weeks)]
        for line in content.lines
    ]
    discount = f"{show_hundredths(content.discount)}%" if content.discount else ""
    return Cost(show(content.annual_price(weeks)), rows, discount)


def bid_cards(content: BidContent, lists: Asked, cost: Cost) -> list[dict[str, Any]]:
    """What is offered, in the order of the form."""
    vacancy = {True: "Yes", False: "Not yet", None: ""}[content.has_vacancy]
    start = show_date(content.earliest_start) if content.earliest_start else ""
    return [
        {
            "title": "Needs and features",
            "rows": [
                _row("Needs you meet", _met(lists.needs, content.needs_met)),
                _row("Needs you do not meet", _unmet(lists.needs, content.needs_met)),
                _row("Features you offer", _met(lists.features, content.features_met)),
                _row("Features you do not offer", _unmet(lists.features, content.features_met)),
            ],
        },
        {
            "title": "Statement",
            "rows": [
                _row("Outcomes and progress", content.statement),
                _row("Words to the family", content.family_words),
            ],
        },
        {
            "title": "Place",
            "rows": [_row("A place for this child", vacancy), _row("Earliest start", start)],
        },
        {
            "title": "Price",
            "rows": [
                *(_row(title, f"{amount}{year}") for title, amount, year in cost.rows),
                *([_row("Discount", cost.discount)] if cost.discount else []),
                _row("Cost for a year", cost.total),
            ],
        },
    ]


def missing_essentials(content: BidContent, lists: Asked) -> list[str]:
    """Without these the bid is left out of the scoring; better to know before it is sent."""
    return [
        item.text
        for item in lists.features
        if item.is_essential and item.key not in content.features_met
    ]


def receipt_of(sealed: SealedBid, invitation: Invitation) -> dict[str, object]:
    """What tools/verify_receipt.py checks without anything else: the bid's own copy included."""
    particulars = sealing.Particulars(
        referral_id=sealed.referral_id,
        invitation_id=sealed.invitation_id,
        establishment_id=sealed.establishment_id,
        provider_id=sealed.provider_id,
        revision=sealed.revision,
        received_at=sealed.received_at,
    )
    content = sealing.unseal(sealed.content).as_json() if sealed.content else None
    return {
        "kind": RECEIPT_KIND,
        "reference": invitation.reference,
        "establishment_name": invitation.establishment.name,
        "recorded_at": sealing.instant(sealed.recorded_at),
        **sealing.described(particulars),
        "salt": sealed.salt,
        "digest": sealed.digest,
        "content": content,
    }


def receipt_rows(sealed: SealedBid, invitation: Invitation) -> list[dict[str, Any]]:
    return [
        _row("Referral", invitation.reference),
        _row("Establishment", invitation.establishment.name),
        _row("What was recorded", "Withdrawal" if sealed.is_withdrawal else "Bid"),
        _row("Number", str(sealed.revision)),
        _row("Received", precise(sealed.received_at)),
        _row("Recorded", precise(sealed.recorded_at)),
        _row("Sent by", sealed.submitted_by.name),
    ]


def revision_rows(sent: list[SealedBid], invitation: Invitation) -> list[list[Any]]:
    """Everything submitted, newest first, each with its receipt."""
    rows = []
    for number, one in enumerate(sent):
        what = "Withdrawal" if one.is_withdrawal else "Bid"
        stands = "Counts" if number == 0 and not one.is_withdrawal else "Replaced"
        href = reverse("referrals:receipt", args=[invitation.pk, one.revision])
        link = {"text": f"Receipt {one.revision}", "href": href}
        rows.append([link, what, precise(one.received_at), "" if one.is_withdrawal else stands])
    return rows


def precise(moment: datetime) -> str:
    """To the thousandth of a second, in London: deadlines are decided by less than a minute."""
    wall = moment.astimezone(LONDON)
    return f"{show_date(wall)} at {wall:%H:%M:%S}.{wall.microsecond // 1000:03d}"


def _for_a_year(line: BidLine, weeks: int) -> str:
    if line.basis is Basis.YEAR:
        return ""
    return f": {show(annual(line.amount, line.basis, weeks))} a year"


def _amount(line: BidLine) -> str:
    words = f"{show(line.amount)} {BASIS_WORDS[line.basis.value]}"
    if line.kind is LineKind.CORE and line.carried is not None and line.amount < line.carried:
        return f"{words}, lowered from {show(line.carried)}"
    return words


def _met(items: tuple[Item, ...], keys: tuple[str, ...]) -> list[str] | str:
    return [item.text for item in items if item.key in keys] or "None"


def _unmet(items: tuple[Item, ...], keys: tuple[str, ...]) -> list[str] | str:
    return [item.text for item in items if item.key not in keys] or "None"


def _row(key: str, value: object) -> dict[str, object]:
    return {"key": key, "value": value}
