"""Certificates that an establishment holds, and when each runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor, Kind
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from providers.models import Establishment, Evidence


class ExpiresBeforeIssue(NotUnderstood):
    message = "The date of expiry must be after the date of issue"


class SumMissing(NotUnderstood):
    message = "Enter the sum insured"


class NobodyRunsIt(Refusal):
    message = "No organisation has claimed this establishment, so it holds no evidence yet"


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A certificate: insurances have a sum, in pence, and a number."""

    establishment_id: UUID
    kind: str
    issued_on: date
    expires_on: date
    number: str = ""
    sum_insured_pence: int | None = None


@transaction.atomic
def record_evidence(new: NewEvidence, *, actor: Actor, now: datetime) -> Evidence:
    """Add a certificate; earlier ones of its kind are kept as history (Q8).

    :raises NotPermitted: the actor may not.
    :raises Establishment.DoesNotExist: there is none, or it is another provider's.
    :raises NobodyRunsIt: it has no provider.
    :raises ExpiresBeforeIssue, SumMissing: the certificate cannot be right.
    """
    require(actor, Action.RECORD_EVIDENCE)
    establishment = _own(new.establishment_id, actor)
    if establishment.provider_id is None:
        raise NobodyRunsIt
    if new.expires_on <= new.issued_on:
        raise ExpiresBeforeIssue(field="expires_on")
    if new.kind in Evidence.INSURANCES and not new.sum_insured_pence:
        raise SumMissing(field="sum_insured")
    evidence = Evidence.objects.create(
        provider_id=establishment.provider_id,
        establishment=establishment,
        kind=new.kind,
        number=new.number,
        sum_insured_pence=new.sum_insured_pence,
        issued_on=new.issued_on,
        expires_on=new.expires_on,
        recorded_at=now,
    )
    facts = {
        "establishment_id": establishment.id,
        "kind": str(new.kind),
        "sum_insured_pence": new.sum_insured_pence,
        "expires_on": new.expires_on,
    }
    act = Act("evidence.recorded", evidence, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    return evidence


def _own(establishment_id: UUID, actor: Actor) -> Establishment:
    found = Establishment.objects.filter(pk=establishment_id)
    if actor.kind is not Kind.PROVIDER:
        return found.get()
    return found.filter(provider__isnull=False, provider=actor.provider_id).get()
