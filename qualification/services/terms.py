"""Contract terms: published in versions, accepted by each provider's signatory (BC 9.3, C9)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from qualification.models import Acceptance, Terms
from qualification.queries.terms import listed_since, live_terms, versions
from qualification.services.people import person_of, provider_of
from qualification.services.sending_terms import SEND_TERMS, TermsReplaced, tell

MOST_WORDS = 20_000
MOST_CHANGE_WORDS = 400


class TermsNotReady(NotUnderstood):
    message = "Enter the terms"


class SameTerms(Refusal):
    message = "This is the text of the last version. A variation changes something"
    field = "text"


class TermsStartTooEarly(Refusal):
    message = "The terms must hold from today or later, and from later than the version before"
    field = "from_date"


class NoTimeToAccept(Refusal):
    message = "The last day to accept must be after today"
    field = "accept_by"


class PublishedMeanwhile(Refusal):
    message = "Somebody else has published a version at this moment. Read it before you go on"


class NoSignatory(NotUnderstood):
    message = "Enter your full name"
    field = "signatory"


class OtherTermsRead(Refusal):
    message = "This is not the text that you have read. Read the terms again, then accept them"


class NotOnTheList(Refusal):
    message = "Terms are accepted once one of your establishments is on the list"


class AlreadyAccepted(Refusal):
    message = "Your organisation has accepted this version already"


@dataclass(frozen=True, slots=True)
class NewTerms:
    """A version as it is to be published, after the one with that number (0: the first)."""

    after: int
    title: str
    text: str
    change: str
    """What is new in it; empty for the first."""
    from_date: date
    accept_by: date


@transaction.atomic
def publish_terms(*, new: NewTerms, actor: Actor, now: datetime) -> Terms:
    """Publish the next version and send it to every provider on the list (BC 9.3).

    :raises NotPermitted: only the DPS manager publishes terms.
    :raises TermsNotReady: the title, the text or what is new in it is missing or too long.
    :raises SameTerms: nothing has changed.
    :raises TermsStartTooEarly, NoTimeToAccept: a day is too early.
    :raises PublishedMeanwhile: somebody else published a version at the same moment.
    """
    require(actor, Action.PUBLISH_TERMS)
    last = versions().first()
    text = "\n".join(line.rstrip() for line in new.text.strip().splitlines())
    if new.after != (last.number if last else 0):
        raise PublishedMeanwhile
    _refuse_unless_ready(new, text, last, london(now).date())

    number = new.after + 1
    try:
        with transaction.atomic():
            terms = Terms.objects.create(
                number=number,
                title=new.title.strip(),
                text=text,
                change=new.change.strip(),
                sha256=fingerprint(text),
                from_date=new.from_date,
                accept_by=new.accept_by,
                published_at=now,
                published_by_id=actor.person_id,
            )
    except IntegrityError as taken:
        raise PublishedMeanwhile from taken
    facts = {
        "number": number,
        "sha256": terms.sha256,
        "from": str(terms.from_date),
        "accept_by": str(terms.accept_by),
    }
    audit.record(Act("terms.published", terms, facts), actor=actor, at=now)
    owe(
        SEND_TERMS,
        key=f"terms:{terms.pk}",
        authority_id=REGION_ID,
        at=now,
        terms_id=str(terms.pk),
    )
    return terms


def _refuse_unless_ready(new: NewTerms, text: str, last: Terms | None, today: date) -> None:
    if not new.title.strip():
        raise TermsNotReady("Enter the title", field="title")
    if not text or len(text.split()) > MOST_WORDS:
        raise TermsNotReady(f"Enter the terms in {MOST_WORDS:,} words or fewer", field="text")
    if (last and not new.change.strip()) or len(new.change.split()) > MOST_CHANGE_WORDS:
        raise TermsNotReady(
            f"Say what is new in it in {MOST_CHANGE_WORDS} words or fewer", field="change"
        )
    if last and last.text == text:
        raise SameTerms
    if new.from_date < today or (last and new.from_date <= last.from_date):
        raise TermsStartTooEarly
    if new.accept_by <= today:
        raise NoTimeToAccept


@dataclass(frozen=True, slots=True)
class Signature:
    """Who accepts, in which position, and the hash of the text that was read."""

    signatory: str
    position: str
    sha256: str


@transaction.atomic
def accept_terms(*, number: int, signature: Signature, actor: Actor, now: datetime) -> Acceptance:
    """Accept one version for the actor's provider, late too (BC 9.3).

    :raises NotPermitted: only a provider's administrator is its authorised signatory.
    :raises TermsReplaced: a later version holds already.
    :raises NotOnTheList: the provider is on no list.
    :raises OtherTermsRead: the hash is not that of this version's text.
    :raises NoSignatory: name or position is missing.
    :raises AlreadyAccepted: somebody of the provider has accepted it.
    """
    require(actor, Action.ACCEPT_TERMS)
    provider_id = provider_of(actor)
    terms = Terms.objects.get(number=number)
    if terms not in live_terms(london(now).date()):
        raise TermsReplaced
    if listed_since(provider_id) is None:
        raise NotOnTheList
    if signature.sha256 != terms.sha256:
        raise OtherTermsRead
    _refuse_unless_signed(signature)
    try:
        with transaction.atomic():
            acceptance = Acceptance.objects.create(
                provider_id=provider_id,
                terms=terms,
                accepted_by_id=person_of(actor),
                accepted_at=now,
                signatory=signature.signatory.strip(),
                position=signature.position.strip(),
                sha256=terms.sha256,
            )
    except IntegrityError as taken:
        raise AlreadyAccepted from taken

    facts = {"number": terms.number, "sha256": terms.sha256}
    audit.record(Act("terms.accepted", acceptance, facts), actor=actor, at=now)
    context = {
        "number": terms.number,
        "title": terms.title,
        "signatory": acceptance.signatory,
        "position": acceptance.position,
        "accepted_on": show_date(london(now).date()),
        "from_date": show_date(terms.from_date),
        "sha256": terms.sha256,
    }
    tell("terms_accepted", provider_id, context, key=f"accepted:{acceptance.pk}", now=now)
    return acceptance


def _refuse_unless_signed(signature: Signature) -> None:
    if not signature.signatory.strip():
        raise NoSignatory
    if not signature.position.strip():
        raise NoSignatory("Enter your position", field="position")


def fingerprint(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal figures."""
    return hashlib.sha256(text.encode()).hexdigest()
