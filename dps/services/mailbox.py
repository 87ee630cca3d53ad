"""What the demo's mailbox shows. Reads as the system, one authority after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from dps.actors import system
from dps.models import Account, Authority, Message
from dps.services.secrets import read_address, read_body
from dps.tenancy.identity import acting_as

NEWEST = 100


@dataclass(frozen=True, slots=True)
class Sent:
    authority_id: int
    id: UUID
    channel: str
    to: str
    subject: str
    body: str
    sent_at: datetime | None


def demo_messages(search: str) -> list[Sent]:
    """The newest hundred messages, or those to one address."""
    authorities = list(Authority.objects.order_by("id").values_list("id", flat=True))
    found = [sent for one in authorities for sent in _of(one, search)]
    return sorted(found, key=_moment, reverse=True)[:NEWEST]


def demo_message(authority_id: int, message_id: UUID) -> Sent | None:
    if not Authority.objects.filter(id=authority_id).exists():
        return None
    with acting_as(system(authority_id)):
        row = Message.objects.filter(id=message_id, sent_at__isnull=False).first()
        return None if row is None else _sent(row, _emails([row]))


def _of(authority_id: int, search: str) -> list[Sent]:
    with acting_as(system(authority_id)):
        rows = list(
            Message.objects.filter(sent_at__isnull=False).order_by("-sent_at")[: NEWEST * 3]
        )
        emails = _emails(rows)
        sent = [_sent(row, emails) for row in rows]
    return [one for one in sent if search.lower() in one.to.lower()][:NEWEST]


def _emails(rows: list[Message]) -> dict[UUID, str]:
    people = {row.to_person_id for row in rows if row.to_person_id}
    return dict(Account.objects.filter(person_id__in=people).values_list("person_id", "email"))


def _sent(row: Message, emails: dict[UUID, str]) -> Sent:
    to = emails.get(row.to_person_id, "") if row.to_person_id else read_address(row)
    body = read_body(row) if row.secret_body else row.body
    return Sent(
        row.authority_id, row.id, row.get_channel_display(), to, row.subject, body, row.sent_at
    )


def _moment(sent: Sent) -> datetime:
    return sent.sent_at or datetime.min.replace(tzinfo=UTC)
