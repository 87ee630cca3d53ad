"""Messages to people: written with their cause, sent by a job, kept as a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from dps.actors import Actor
from dps.models import Account, Membership, Message
from dps.outbox import owe
from dps.outbox.jobs import job

SEND_MESSAGE = "dps.send_message"


@dataclass(frozen=True, slots=True)
class Letter:
    """One template for one person. `context` never holds a child's details."""

    template: str
    to_person_id: UUID
    context: Mapping[str, object] = field(default_factory=dict)
    sealed_referral_id: UUID | None = None


def send(letter: Letter, *, key: str, authority_id: int, now: datetime) -> None:
    """Write the message and owe its sending, once per key (X1)."""
    message = Message(
        authority_id=authority_id,
        key=key,
        template=letter.template,
        to_person_id=letter.to_person_id,
        context=dict(letter.context),
        sealed_referral_id=letter.sealed_referral_id,
        created_at=now,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    owe(
        SEND_MESSAGE,
        key=f"message:{key}",
        authority_id=authority_id,
        at=now,
        sealed_referral_id=letter.sealed_referral_id,
        message_key=key,
    )


@dataclass(frozen=True, slots=True)
class ProviderLetter:
    """One template for everybody who acts for a provider."""

    template: str
    provider_id: UUID
    context: Mapping[str, object] = field(default_factory=dict)
    sealed_referral_id: UUID | None = None


def send_to_provider(
    letter_to: ProviderLetter, *, key: str, authority_id: int, now: datetime
) -> None:
    """One message to each person who acts for a provider."""
    people = Membership.objects.filter(provider_id=letter_to.provider_id, is_active=True)
    for person_id in people.order_by("id").values_list("person_id", flat=True):
        letter = Letter(
            letter_to.template, person_id, letter_to.context, letter_to.sealed_referral_id
        )
        send(letter, key=f"{key}:{person_id}", authority_id=authority_id, now=now)


@job(SEND_MESSAGE)
def deliver(*, message_key: str, actor: Actor, now: datetime) -> None:
    """Render and send one message; a second run finds it sent."""
    message = Message.objects.select_for_update().get(key=message_key)
    if message.sent_at is not None:
        return
    email = _address(message.to_person_id)
    message.subject, message.body = _render(message.template, dict(message.context))
    if email:
        EmailMessage(
            subject=message.subject,
            body=message.body,
            to=[email],
            headers={"Message-ID": f"<{message.id}@{_mail_domain()}>"},
        ).send()
    message.sent_at = now
    message.save(update_fields=["subject", "body", "sent_at"])


def _address(person_id: UUID | None) -> str:
    if person_id is None:
        return ""
    found = Account.objects.filter(person_id=person_id, is_active=True)
    return found.values_list("email", flat=True).first() or ""


def _mail_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]


def _render(template: str, context: dict[str, object]) -> tuple[str, str]:
    """`templates/<app>/messages/<name>.txt`: the first line is the subject."""
    app, _, name = template.partition("/")
    address = settings.PUBLIC_ADDRESS.rstrip("/")
    text = render_to_string(f"{app}/messages/{name}.txt", {**context, "address": address})
    subject, _, body = text.strip().partition("\n")
    return subject.strip()[:200], body.strip() + "\n"
