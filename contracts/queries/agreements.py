"""Agreements, for the side that asks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from contracts.models import Agreement, Signature
from contracts.states import AgreementState
from dps.actors import Actor, Kind
from referrals.models import Invitation


def agreements_of(actor: Actor) -> QuerySet[Agreement]:
    """All that the actor's side has, the newest first.

    A provider's stand in the partitions of the authorities that have invited it, named one by one.
    """
    rows = Agreement.objects.select_related("authority", "establishment", "provider", "category")
    if actor.kind is Kind.PROVIDER:
        invited_by = Invitation.objects.order_by().values_list("authority_id", flat=True)
        rows = rows.filter(authority_id__in=sorted(set(invited_by.distinct())))
    return rows.order_by("-made_at", "-id")


def agreement_of(authority_id: int, agreement_id: UUID) -> Agreement:
    """:raises Agreement.DoesNotExist: there is none, or it is another's."""
    named = ("authority", "establishment", "provider", "category", "referral")
    found: Agreement = (
        Agreement.objects.of(authority_id).select_related(*named).get(id=agreement_id)
    )
    return found


def signatures_of(agreement: Agreement) -> dict[str, Signature]:
    """By side."""
    rows = Signature.objects.of(agreement.authority_id).filter(agreement=agreement)
    return {signature.side: signature for signature in rows.select_related("person")}


def to_sign(actor: Actor) -> QuerySet[Agreement]:
    """Those that wait for a signature of the actor's side, the oldest first."""
    side = side_of(actor)
    unsigned = agreements_of(actor).exclude(state=AgreementState.SIGNED)
    signed = Signature.objects.filter(
        authority_id=OuterRef("authority_id"), agreement_id=OuterRef("id"), side=side
    )
    return unsigned.exclude(Exists(signed)).order_by("made_at", "id")


def side_of(actor: Actor) -> Signature.Side:
    is_provider = actor.kind is Kind.PROVIDER
    return Signature.Side.PROVIDER if is_provider else Signature.Side.AUTHORITY
