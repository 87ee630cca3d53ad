"""Reading the audit trail: only what the database shows to this actor."""

from __future__ import annotations

from django.db.models import QuerySet

from dps.actors import Actor
from dps.models import AuditEvent, AuditHead


def events_visible_to(actor: Actor) -> QuerySet[AuditEvent]:
    """The actor's chain, newest first."""
    return AuditEvent.objects.of(actor.chain_id).order_by("-at", "-id")


def head_words(authority_id: int) -> str:
    """The first 16 characters of the chain's head, as letters and receipts carry it."""
    head = AuditHead.objects.filter(authority_id=authority_id).first()
    return "" if head is None else bytes(head.hash).hex()[:16]
