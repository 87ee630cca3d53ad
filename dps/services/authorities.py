"""Authorities join at run time: their partitions, key and audit chain begin in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from dps import audit
from dps.actors import REGION_ID, Actor, system
from dps.audit import Act
from dps.crypto.keys import make_authority_key
from dps.models import Authority
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.tenancy.identity import acting_as


class AuthorityCodeTaken(Refusal):
    message = "An authority with this code or name has already joined."


@dataclass(frozen=True, slots=True)
class NewAuthority:
    code: str
    name: str
    kind: str
    joined_on: date
    is_lead: bool = False
    brand_colour: str = "#1d4f91"
    contact_email: str = ""
    contact_phone: str = ""
    joining_fee_pence: int = 0


def add_region(*, now: datetime) -> Authority:
    """Make the reserved row that owns the audit chain of regional acts. Safe to repeat."""
    actor = system(REGION_ID)
    with acting_as(actor):
        found = Authority.objects.filter(id=REGION_ID).first()
        if found is not None:
            return found
        region = Authority.objects.create(
            id=REGION_ID,
            code="REGION",
            name="South East region",
            kind=Authority.Kind.REGION,
            joined_on=now.date(),
        )
        _begin(region, now=now)
        audit.record(Act("region.created", region), actor=actor, at=now)
        return region


@transaction.atomic
def add_authority(new: NewAuthority, *, actor: Actor, now: datetime) -> Authority:
    """Add a partner or joiner with its partitions, without downtime (BC 2.7, G1).

    :raises NotPermitted: the actor may not add authorities.
    :raises AuthorityCodeTaken: the code or the name has joined before.
    """
    require(actor, Action.ADD_AUTHORITY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dps.add_authority'))")
    if Authority.objects.filter(code=new.code).exists() or (
        Authority.objects.filter(name=new.name).exists()
    ):
        raise AuthorityCodeTaken
    highest = Authority.objects.order_by("-id").values_list("id", flat=True).first() or 0
    authority = Authority.objects.create(
        id=highest + 1,
        code=new.code,
        name=new.name,
        kind=new.kind,
        is_lead=new.is_lead,
        brand_colour=new.brand_colour,
        contact_email=new.contact_email,
        contact_phone=new.contact_phone,
        joined_on=new.joined_on,
        joining_fee_pence=new.joining_fee_pence,
    )
    own = system(authority.id)
    with acting_as(own):
        _begin(authority, now=now)
        facts = {"code": new.code, "name": new.name, "kind": new.kind}
        audit.record(Act("authority.joined", authority, facts), actor=own, at=now)
    return authority


def _begin(authority: Authority, *, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT add_partitions(%s)", [authority.id])
    make_authority_key(authority_id=authority.id, now=now)
