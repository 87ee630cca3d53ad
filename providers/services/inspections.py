"""Published inspection results, each in its inspector's own scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from providers.models import Establishment, Inspection


class InspectionRecorded(Refusal):
    message = "This inspector's result of this day is on record already"


class InspectionInFuture(NotUnderstood):
    message = "The date of the inspection must be today or in the past"


@dataclass(frozen=True, slots=True)
class NewInspection:
    """One judgement: `scale` is the inspector's scheme, `result` its word in it."""

    establishment_id: UUID
    inspector: str
    scale: str
    result: str
    inspected_on: date


@transaction.atomic
def record_inspection(new: NewInspection, *, actor: Actor, now: datetime) -> Inspection:
    """Add a published inspection result (C2).

    :raises NotPermitted: the actor may not.
    :raises Establishment.DoesNotExist: there is none.
    :raises InspectionInFuture: it has not been yet.
    :raises InspectionRecorded: it is on record.
    """
    require(actor, Action.RECORD_INSPECTION)
    establishment = Establishment.objects.select_for_update().get(pk=new.establishment_id)
    if new.inspected_on > now.date():
        raise InspectionInFuture(field="inspected_on")
    same = {"inspector": new.inspector, "inspected_on": new.inspected_on}
    if Inspection.objects.filter(establishment=establishment, **same).exists():
        raise InspectionRecorded
    inspection = Inspection.objects.create(
        establishment=establishment,
        inspector=new.inspector,
        scale=new.scale,
        result=new.result,
        inspected_on=new.inspected_on,
        recorded_at=now,
    )
    facts = {"establishment_id": establishment.id, "scale": new.scale, "result": new.result}
    act = Act("inspection.recorded", inspection, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    return inspection
