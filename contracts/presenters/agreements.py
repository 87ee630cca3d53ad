"""What the pages of agreements say."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from contracts.models import Agreement, Signature
from contracts.queries.agreements import side_of
from contracts.states import WORDS, AgreementState
from dps.actors import Actor, Kind
from dps.clock import show_date, show_instant
from dps.money import show

COLOURS = {
    AgreementState.TO_SIGN: "yellow",
    AgreementState.PART_SIGNED: "light-blue",
    AgreementState.SIGNED: "green",
}


def state_tag(agreement: Agreement) -> dict[str, str]:
    state = AgreementState(agreement.state)
    return {"text": WORDS[state], "colour": COLOURS[state]}


def facts(agreement: Agreement, actor: Actor) -> list[dict[str, str]]:
    """The summary of what was agreed."""
    place = reverse("providers:establishment", args=[agreement.establishment_id])
    rows = [
        {"key": "Council", "value": agreement.authority.name},
        {"key": "Provider", "value": agreement.provider.name},
        {
            "key": "Establishment",
            "value": agreement.establishment.name,
            "href": place,
            "action": "View",
        },
        {"key": "Service", "value": f"{agreement.category.service}: {agreement.category.name}"},
        {"key": "Starts on", "value": show_date(agreement.starts_on)},
        {"key": "Value of one year", "value": show(agreement.annual_value_pence)},
    ]
    if actor.kind is Kind.AUTHORITY:
        referral = reverse("referrals:detail", args=[agreement.referral_id])
        reference = agreement.referral.reference
        rows.append({"key": "Referral", "value": reference, "href": referral, "action": "View"})
    return rows


def signature_rows(agreement: Agreement, signatures: dict[str, Signature]) -> list[dict[str, str]]:
    names = {
        Signature.Side.AUTHORITY: agreement.authority.name,
        Signature.Side.PROVIDER: agreement.provider.name,
    }
    return [
        {"key": f"For {name}", "value": _signed(signatures.get(side))}
        for side, name in names.items()
    ]


def _signed(signature: Signature | None) -> str:
    if signature is None:
        return "Not signed yet"
    return f"Signed by {signature.signed_name} on {show_instant(signature.signed_at)}"


def next_words(
    agreement: Agreement, signatures: dict[str, Signature], actor: Actor, *, may_sign: bool
) -> str:
    """One sentence or two: what happens next, and who does it."""
    side = side_of(actor)
    is_council = side is Signature.Side.AUTHORITY
    other = agreement.provider.name if is_council else agreement.authority.name
    signer = "an approver of your council" if is_council else "an administrator of your provider"
    if agreement.state == AgreementState.SIGNED:
        return (
            f"The agreement is in force. The placement starts on {show_date(agreement.starts_on)}."
            " The award is published after the end of the quarter, with nothing about the child."
        )
    if side in signatures:
        return f"Your side has signed. {other} signs next. We email both sides when it is done."
    if may_sign:
        return "Read the agreement, then sign it. We email both sides when both have signed."
    return f"It waits for {signer} to sign. We have emailed them."


def list_head(actor: Actor) -> list[str]:
    """A council's list needs no column of councils; a provider's has several."""
    council = ["Council"] if actor.kind is Kind.PROVIDER else []
    return ["Reference", *council, "Place", "Starts on", "State"]


def list_row(agreement: Agreement, actor: Actor) -> list[Any]:
    href = reverse("contracts:agreement", args=[agreement.authority_id, agreement.id])
    council = [agreement.authority.name] if actor.kind is Kind.PROVIDER else []
    return [
        {"text": agreement.reference, "href": href},
        *council,
        f"{agreement.establishment.name}, {agreement.category.name}",
        show_date(agreement.starts_on),
        state_tag(agreement),
    ]
