"""Reading the audit trail: only what the database shows to this actor."""

from __future__ import annotations

from django.db.models import QuerySet

from dps.actors import Actor
from dps.models import AuditEvent


def events_visible_to(actor: Actor) -> QuerySet[AuditEvent]:
    """The actor's chain, newest first."""
    return AuditEvent.objects.of(actor.chain_id).order_by("-at", "-id")
