"""Lodging the audit heads outside: by mail to each authority's administrators, hourly."""

from __future__ import annotations

from datetime import datetime

from dps.actors import Role, system
from dps.models import AuditHead, Authority
from dps.services.messages import Letter, send
from dps.services.people import people_with_role
from dps.tenancy.identity import acting_as

TEMPLATE = "dps/audit_head"


def lodge_heads(*, now: datetime) -> None:
    """Send each authority's head to its administrators; a day's changes give at most 24 mails."""
    for authority in Authority.objects.exclude(kind=Authority.Kind.REGION).order_by("id"):
        _lodge(authority, now=now)


def _lodge(authority: Authority, *, now: datetime) -> None:
    with acting_as(system(authority.id)):
        head = AuditHead.objects.filter(authority=authority).first()
        if head is None:
            return
        digest = bytes(head.hash).hex()
        context = {"authority": authority.name, "digest": digest, "seq": head.seq}
        for person_id in people_with_role(Role.AUTHORITY_ADMINISTRATOR, authority_id=authority.id):
            key = f"head:{now:%Y%m%d%H}:{head.seq}:{person_id}"
            letter = Letter(TEMPLATE, person_id, context)
            send(letter, key=key, authority_id=authority.id, now=now)
