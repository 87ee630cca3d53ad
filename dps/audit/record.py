"""Writing an event, in the transaction of the act it tells of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, models

from dps.actors import Actor
from dps.models import AuditEvent
from dps.tenancy.models import uuid7


class OutsideTransaction(RuntimeError):
    """An event must be written in the transaction of the act that it tells of."""


@dataclass(frozen=True, slots=True)
class Act:
    """What was done to what: a verb like "bid.submitted", its subject, and facts of it.

    `facts` holds ids, states, counts and hashes: never a child's details.
    """

    verb: str
    subject: models.Model
    facts: Mapping[str, object] = field(default_factory=dict)
    sealed_referral_id: UUID | None = None
    """Set for acts about a bid: nobody in an authority reads them before the bids are opened."""


def record(act: Act, *, actor: Actor, at: datetime, authority_id: int | None = None) -> AuditEvent:
    """Append one event to the chain of `authority_id` (the actor's own if not given).

    :raises OutsideTransaction: there is no open transaction.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction
    chain = actor.chain_id if authority_id is None else authority_id
    event_id = uuid7()
    body = {
        "id": str(event_id),
        "authority_id": chain,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": {
            "kind": actor.kind.value,
            "name": actor.name,
            "person_id": str(actor.person_id) if actor.person_id else None,
            "provider_id": str(actor.provider_id) if actor.provider_id else None,
            "roles": sorted(role.value for role in actor.roles),
            "address": actor.address,
        },
        "action": act.verb,
        "subject": [act.subject._meta.label_lower, str(act.subject.pk)],
        "facts": dict(act.facts),
    }
    return AuditEvent.objects.create(
        id=event_id,
        authority_id=chain,
        at=at,
        actor_name=actor.name,
        actor_kind=actor.kind,
        person_id=actor.person_id,
        action=act.verb,
        subject_type=act.subject._meta.label_lower,
        subject_id=str(act.subject.pk),
        sealed_referral_id=act.sealed_referral_id,
        body=canonical(body),
    )


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same value always gives the same text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
