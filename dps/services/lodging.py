"""Lodging the audit heads outside: by mail to each authority's administrators, hourly."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from dps.actors import Role, system
from dps.models import AuditHead, Authority, Message
from dps.services.messages import Letter, send
from dps.services.people import people_with_role
from dps.tenancy.identity import acting_as

TEMPLATE = "dps/audit_head"


def lodge_heads(*, now: datetime) -> None:
    """Send each authority's administrators a mark of its head, once an hour (BC 4.11)."""
    for authority in Authority.objects.exclude(kind=Authority.Kind.REGION).order_by("id"):
        _lodge(authority, now=now)


def mark_of(salt: str, head: str) -> str:
    """What is mailed in place of the head: a head that has moved on would tell of a sealed bid."""
    return hashlib.sha256(f"{salt}{head}".encode()).hexdigest()


def lodged_marks(authority_id: int) -> list[tuple[datetime, str, str]]:
    """When each mark was mailed, the mark, and the salt that opens it: for who verifies."""
    rows = Message.objects.of(authority_id).filter(template=TEMPLATE).order_by("created_at", "id")
    return [(row.created_at, row.context["mark"], row.context["salt"]) for row in rows]


def _lodge(authority: Authority, *, now: datetime) -> None:
    with acting_as(system(authority.id)):
        head = AuditHead.objects.filter(authority=authority).first()
        if head is None:
            return
        salt = secrets.token_hex(16)
        mark = mark_of(salt, bytes(head.hash).hex())
        context = {"authority": authority.name, "mark": mark, "salt": salt}
        for person_id in people_with_role(Role.AUTHORITY_ADMINISTRATOR, authority_id=authority.id):
            letter = Letter(TEMPLATE, person_id, context)
            send(letter, key=f"head:{now:%Y%m%d%H}:{person_id}", authority_id=authority.id, now=now)
