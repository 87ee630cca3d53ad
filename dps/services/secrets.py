"""Messages that hold a secret or go to somebody without an account: kept encrypted, then purged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from dps.actors import Actor
from dps.crypto import Place, decrypt, encrypt
from dps.crypto.keys import authority_key
from dps.models import Message
from dps.outbox import owe
from dps.outbox.jobs import job

PURGE_MESSAGE = "dps.purge_message"
KEPT_IN_DEMO = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Secret:
    """What is sent to a parent: the address and the words, neither kept in plain text."""

    channel: str
    to: str
    subject: str
    body: str


def send_secret(
    secret: Secret, *, key: str, template: str, authority_id: int, now: datetime
) -> Message:
    """Send now (the caller is a task), keep encrypted, and owe the purge after delivery."""
    message = Message(
        authority_id=authority_id,
        key=key,
        template=template,
        channel=secret.channel,
        created_at=now,
    )
    seal = _sealer(message)
    message.to_address = seal("to_address", secret.to)
    message.secret_body = seal("secret_body", secret.body)
    message.subject = secret.subject
    _hand_over(secret, message)
    message.sent_at = now
    message.save()
    wait = KEPT_IN_DEMO if settings.DEMO else timedelta()
    owe(
        PURGE_MESSAGE,
        key=f"purge:{message.id}",
        authority_id=authority_id,
        at=now + wait,
        message_id=str(message.id),
    )
    return message


def _hand_over(secret: Secret, message: Message) -> None:
    if secret.channel == Message.Channel.EMAIL:
        EmailMessage(subject=secret.subject, body=secret.body, to=[secret.to]).send()


@job(PURGE_MESSAGE)
def purge(*, message_id: str, actor: Actor, now: datetime) -> None:
    """Forget the words; that a message was sent stays on record."""
    Message.objects.filter(id=message_id).update(secret_body=b"", to_address=b"")


def _place(message: Message, column: str) -> Place:
    return Place("message", column, message.authority_id, str(message.id))


def _sealer(message: Message) -> Callable[[str, str], bytes]:
    key = authority_key(message.authority_id)
    return lambda column, text: encrypt(key, text, _place(message, column))


def read_address(message: Message) -> str:
    return _read(message, "to_address")


def read_body(message: Message) -> str:
    return _read(message, "secret_body")


def _read(message: Message, column: str) -> str:
    box = bytes(getattr(message, column))
    return decrypt(authority_key(message.authority_id), box, _place(message, column)) if box else ""
