"""Signing a placement agreement, once for each side."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contracts.models import Agreement, Signature
from contracts.services.agreements import COMPLETE_AGREEMENT
from contracts.states import AGREEMENT, AgreementState, AgreementStep
from dps import audit
from dps.actors import Actor, Kind
from dps.audit import Act
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import NotPermitted, NotUnderstood, Refusal


class SideHasSigned(Refusal):
    message = "Your side has already signed this agreement"


class NotTheSamePaper(Refusal):
    message = "This is not the document that is to be signed. Load the page again"


class NotYourName(NotUnderstood):
    message = "Enter your name as it is on your account"


@transaction.atomic
def sign(
    *,
    agreement_id: UUID,
    authority_id: int,
    actor: Actor,
    now: datetime,
    signed_name: str | None = None,
    sha256: str | None = None,
) -> Agreement:
    """Sign for the actor's side; the second signature completes the agreement (BC 5.6).

    `signed_name` is what the person typed to sign, `sha256` the hash that the page stated; both
    are held against the account and the agreement.

    :raises NotPermitted: the actor may not sign for its side.
    :raises Agreement.DoesNotExist: there is none, or it is another's.
    :raises SideHasSigned: somebody of the same side was first.
    :raises NotTheSamePaper: another hash was stated.
    :raises NotYourName: another name was typed.
    """
    side, person_id = _signer(actor)
    agreement: Agreement = (
        Agreement.objects.of(authority_id).select_for_update().get(id=agreement_id)
    )
    if Signature.objects.of(authority_id).filter(agreement=agreement, side=side).exists():
        raise SideHasSigned
    if sha256 is not None and sha256 != agreement.sha256:
        raise NotTheSamePaper
    if signed_name is not None and not _same_name(signed_name, actor.name):
        raise NotYourName(f"Enter your name as it is on your account: {actor.name}", field="name")
    after = AGREEMENT.after(AgreementState(agreement.state), AgreementStep.SIGN)

    signature = Signature.objects.create(
        authority_id=authority_id,
        agreement=agreement,
        provider_id=agreement.provider_id,
        side=side,
        person_id=person_id,
        signed_name=actor.name,
        signed_at=now,
        sha256=agreement.sha256,
    )
    agreement.state = after
    agreement.signed_at = now if after is AgreementState.SIGNED else None
    agreement.save(update_fields=["state", "signed_at"])
    _record(agreement, signature, actor=actor, now=now)
    return agreement


def _record(agreement: Agreement, signature: Signature, *, actor: Actor, now: datetime) -> None:
    """In the council's trail, with the hash; the second signature leaves the council work."""
    chain = agreement.authority_id
    facts = {
        "side": str(signature.side),
        "sha256": signature.sha256,
        "signature_id": str(signature.id),
    }
    act = Act("agreement.signed", agreement, facts)
    audit.record(act, actor=actor, at=now, authority_id=chain)
    if agreement.state == AgreementState.SIGNED:
        owe(
            COMPLETE_AGREEMENT,
            key=f"complete_agreement:{agreement.id}",
            authority_id=chain,
            at=now,
            agreement_id=str(agreement.id),
        )


def _signer(actor: Actor) -> tuple[Signature.Side, UUID]:
    is_provider = actor.kind is Kind.PROVIDER
    require(actor, Action.SIGN_FOR_PROVIDER if is_provider else Action.SIGN_FOR_AUTHORITY)
    if actor.person_id is None:
        raise NotPermitted
    return Signature.Side.PROVIDER if is_provider else Signature.Side.AUTHORITY, actor.person_id


def _same_name(typed: str, known: str) -> bool:
    return " ".join(typed.split()).casefold() == " ".join(known.split()).casefold()
