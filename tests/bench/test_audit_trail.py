"""The chain: a thousand acts a second, a million verified in half a minute (security.md G7)."""

from __future__ import annotations

import json

import pytest

from dps import audit
from dps.actors import system
from dps.audit import Act
from dps.audit.record import canonical
from dps.audit.verify import verify
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from dps.tenancy.models import uuid7
from tests.bench.measuring import measured, size
from tests.factories.kernel import NOON

pytestmark = pytest.mark.django_db(transaction=True)
ACTS = 2_000
EVENTS = size(100_000, 1_000_000)
BATCH = 200
"""Events of one transaction: each moves the chain's head, so that very many wait for each other."""


def test_acts_are_recorded(region):
    boss = system(region.west.id)
    with measured("Audit trail: acts recorded, each a transaction", ACTS, goal="1,000/s"):
        for _ in range(ACTS):
            with acting_as(boss):
                audit.record(Act("bench.done", region.west, {"n": 1}), actor=boss, at=NOON)


def test_a_long_chain_is_verified(region):
    boss = system(region.west.id)
    with acting_as(boss):
        one = audit.record(Act("bench.done", region.west, {"n": 1}), actor=boss, at=NOON)
    with measured("Audit trail: events recorded, 200 a transaction", EVENTS, goal="1,000/s"):
        for start in range(0, EVENTS, BATCH):
            with acting_as(boss):
                AuditEvent.objects.bulk_create(_like(one, BATCH, start))

    with measured("Audit trail: events verified", EVENTS, goal="33,000/s"):
        with acting_as(boss):
            verdict = verify(region.west.id)

    assert verdict.is_sound
    assert verdict.events > EVENTS


def _like(event: AuditEvent, number: int, start: int) -> list[AuditEvent]:
    body = json.loads(event.body)
    made = []
    for n in range(start, start + number):
        new = uuid7()
        text = canonical(body | {"id": str(new), "facts": {"n": n}})
        made.append(
            AuditEvent(
                id=new,
                authority_id=event.authority_id,
                at=event.at,
                actor_name=event.actor_name,
                actor_kind=event.actor_kind,
                person_id=event.person_id,
                action=event.action,
                subject_type=event.subject_type,
                subject_id=event.subject_id,
                body=text,
            )
        )
    return made
