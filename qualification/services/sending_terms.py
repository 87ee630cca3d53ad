"""Sending contract terms to providers, and reminding those who have not accepted (BC 9.3, C9)."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import from_london, london, show_date
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.permissions import Action, require
from dps.refusals import Gone, Refusal
from dps.services.messages import ProviderLetter, send_to_provider
from qualification.models import Terms
from qualification.queries.terms import (
    REMINDED,
    everybody_asked,
    has_accepted,
    listed_since,
    live_terms,
    on_the_list,
    reminded_at,
)
from qualification.terms_due import Standing, due_on, reminder_days

SEND_TERMS = "qualification.send_terms"
ASK_FOR_TERMS = "qualification.ask_for_terms"
REMIND_OF_TERMS = "qualification.remind_of_terms"
MORNING = time(9)


class TermsReplaced(Gone):
    message = "A later version holds instead of this one, so it cannot be accepted any more"


class RemindedToday(Refusal):
    message = "Those who have not accepted were reminded today already"


class NobodyToRemind(Refusal):
    message = "Everybody has accepted this version. There is nobody to remind"


@transaction.atomic
def remind_now(*, number: int, actor: Actor, now: datetime) -> int:
    """Remind everybody who has not accepted a version, at most once a day; how many (C9).

    :raises NotPermitted: only officers of the central team remind.
    :raises TermsReplaced: a later version holds already.
    :raises NobodyToRemind, RemindedToday: all have accepted, or it was done today.
    """
    require(actor, Action.FOLLOW_TERMS)
    terms = Terms.objects.get(number=number)
    today = london(now).date()
    if terms not in live_terms(today):
        raise TermsReplaced
    waiting = [
        provider_id
        for provider_id, each in everybody_asked(terms, today).items()
        if each.standing is not Standing.ACCEPTED
    ]
    if not waiting:
        raise NobodyToRemind
    last = reminded_at(terms.pk)
    if last is not None and london(last).date() == today:
        raise RemindedToday

    for provider_id in sorted(waiting):
        _owe_reminder(terms, provider_id, today, now)
    audit.record(Act(REMINDED, terms, {"providers": len(waiting)}), actor=actor, at=now)
    return len(waiting)


@job(SEND_TERMS)
def send_terms(*, terms_id: str, actor: Actor, now: datetime) -> None:
    """Send a version to every provider on the list; a second run finds it owed."""
    for provider_id in sorted(on_the_list()):
        _owe_asking(UUID(terms_id), provider_id, now)


def ask_newcomer(*, provider_id: UUID, now: datetime) -> None:
    """Have a provider that comes on the list asked to accept what holds, once a version."""
    for terms in live_terms(london(now).date()):
        _owe_asking(terms.pk, provider_id, now)


@job(ASK_FOR_TERMS)
def ask_for_terms(*, terms_id: str, provider_id: str, actor: Actor, now: datetime) -> None:
    """Send one version to one provider, and owe the reminders of it."""
    terms, provider = Terms.objects.get(pk=terms_id), UUID(provider_id)
    due = _due_of(terms, provider)
    if due is None or has_accepted(provider, terms.pk):
        return
    context = _words(terms, due)
    tell("terms_to_accept", provider, context, key=f"terms:{terms.pk}:{provider}", now=now)
    for day in reminder_days(due):
        if day > london(now).date():
            _owe_reminder(terms, provider, day, from_london(day, MORNING))


@job(REMIND_OF_TERMS)
def remind_of_terms(
    *, terms_id: str, provider_id: str, day: str, actor: Actor, now: datetime
) -> None:
    """Remind a provider, unless it has accepted, has left the list or a later version holds.

    A reminder that was held up gives way to the next one.
    """
    terms, provider = Terms.objects.get(pk=terms_id), UUID(provider_id)
    due, today = _due_of(terms, provider), london(now).date()
    if due is None or has_accepted(provider, terms.pk) or terms not in live_terms(today):
        return
    if any(date.fromisoformat(day) < each <= today for each in reminder_days(due)):
        return
    context = _words(terms, due) | {"is_overdue": today > due}
    key = f"terms_reminder:{terms.pk}:{provider}:{day}"
    tell("terms_reminder", provider, context, key=key, now=now)


def _due_of(terms: Terms, provider_id: UUID) -> date | None:
    since = listed_since(provider_id)
    return due_on(terms.accept_by, since) if since else None


def _words(terms: Terms, due: date) -> dict[str, object]:
    return {
        "number": terms.number,
        "title": terms.title,
        "change": terms.change,
        "from_date": show_date(terms.from_date),
        "due": show_date(due),
    }


def tell(
    template: str, provider_id: UUID, context: dict[str, object], *, key: str, now: datetime
) -> None:
    """One letter to everybody who acts for a provider."""
    letter = ProviderLetter(f"qualification/{template}", provider_id, context)
    send_to_provider(letter, key=key, authority_id=REGION_ID, now=now)


def _owe_asking(terms_id: UUID, provider_id: UUID, now: datetime) -> None:
    owe(
        ASK_FOR_TERMS,
        key=f"terms:{terms_id}:{provider_id}",
        authority_id=REGION_ID,
        at=now,
        terms_id=str(terms_id),
        provider_id=str(provider_id),
    )


def _owe_reminder(terms: Terms, provider_id: UUID, day: date, at: datetime) -> None:
    owe(
        REMIND_OF_TERMS,
        key=f"terms_reminder:{terms.pk}:{provider_id}:{day}",
        authority_id=REGION_ID,
        at=at,
        terms_id=str(terms.pk),
        provider_id=str(provider_id),
        day=str(day),
    )
