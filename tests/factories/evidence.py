"""Pieces of evidence, and the files that belong to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from dps.actors import REGION_ID, Actor, system
from dps.documents.uploads import NewUpload, receive_upload
from dps.models import AuditEvent, Upload
from dps.tenancy.identity import acting_as
from providers.models import Evidence
from providers.queries import evidence as queries
from providers.services.evidence import (
    Particulars,
    add_evidence,
    replace_evidence,
    withdraw_evidence,
)
from tests.factories.files import pdf
from tests.factories.kernel import NOON

SYSTEM = system(REGION_ID)
TODAY = NOON.date()
LATER = NOON + timedelta(days=1)


def in_days(number: int) -> date:
    return TODAY + timedelta(days=number)


def make_upload(actor: Actor, state: str = "clean", content: bytes | None = None) -> Upload:
    """A file of this person, and as far as the scanner has come with it."""
    new = NewUpload("certificate.pdf", content or pdf())
    with acting_as(actor):
        upload = receive_upload(new, actor=actor, now=NOON)
    if state != "quarantined":
        why = "The virus scanner found something." if state == "refused" else ""
        with acting_as(SYSTEM):
            Upload.objects.filter(pk=upload.pk).update(state=state, why=why, scanned_at=NOON)
    return upload


def insurance(actor: Actor, **changes: Any) -> Particulars:
    """Public liability for a year from a while ago, with its document."""
    usual = {
        "kind": "public_liability",
        "number": "PL 1",
        "sum_insured_pence": 10_000_000_00,
        "issued_on": in_days(-100),
        "expires_on": in_days(265),
    }
    if "upload_id" not in changes:
        usual["upload_id"] = make_upload(actor).pk
    return Particulars(**(usual | changes))


def policy(actor: Actor, **changes: Any) -> Particulars:
    usual = {"kind": "safeguarding", "number": "", "sum_insured_pence": None}
    return insurance(actor, **(usual | changes))


def make_evidence(
    actor: Actor, said: Particulars | None = None, *establishment_ids: UUID
) -> Evidence:
    """One piece, for the whole organisation if no establishment is named."""
    with acting_as(actor):
        made = add_evidence(
            said or insurance(actor),
            establishment_ids=establishment_ids,
            actor=actor,
            now=NOON,
        )
    return made[0]


def add(actor, said, *places):
    with acting_as(actor):
        return add_evidence(
            said, establishment_ids=[place.pk for place in places], actor=actor, now=NOON
        )


def replace(actor, said, *old):
    with acting_as(actor):
        return replace_evidence(
            said, evidence_ids=[each.pk for each in old], actor=actor, now=LATER
        )


def withdraw(actor, old, reason="Added for the wrong school"):
    with acting_as(actor):
        return withdraw_evidence(evidence_id=old.pk, reason=reason, actor=actor, now=LATER)


def held(actor, *places, on=TODAY):
    with acting_as(actor):
        found = queries.held(actor.provider_id, [place.pk for place in places], on)
    return [dict(found[place.pk]) for place in places]


def rows():
    with acting_as(SYSTEM):
        return Evidence.objects.count()


def actions(piece):
    with acting_as(SYSTEM):
        found = AuditEvent.objects.filter(subject_id=str(piece.pk)).order_by("id")
        return list(found.values_list("action", flat=True))
