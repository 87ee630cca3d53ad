"""Questions about joining: asked by a provider, answered to everybody, the asker hidden (Q13)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.models import Category, Market
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.permissions import Action, require
from dps.queries.markets import windows_of
from dps.refusals import Gone, NotUnderstood, Refusal
from dps.services.messages import Letter, ProviderLetter, send, send_to_provider
from qualification.asking_time import MOST_WORDS
from qualification.hidden_names import names_in
from qualification.models import AskedQuestion, Clarification
from qualification.queries.asking import (
    asking_in,
    names_of_asker,
    people_who_answer,
    providers_to_tell,
)
from qualification.services.people import person_of, provider_of

TELL_OF_QUESTION = "qualification.tell_of_question"
TELL_OF_ANSWER = "qualification.tell_of_answer"
MOST_ANSWER_WORDS = 2 * MOST_WORDS
MOST_WAITING = 20
"""Questions of one provider that may wait for an answer at the same time."""


class AskingIsOver(Gone):
    message = "Questions are no longer taken"


class NothingWritten(NotUnderstood):
    message = "Write something"


class TooLong(NotUnderstood):
    message = "This is too long"


class NotOfThisMarket(NotUnderstood):
    message = "Select a category of this market"
    field = "category"


class TooManyWaiting(Refusal):
    message = (
        f"{MOST_WAITING} questions of your organisation wait for an answer. Wait until the contract"
        " team has answered some of them"
    )


class QuestionIsClosed(Refusal):
    message = "Somebody has answered or closed this question already"


class NamesTheAsker(NotUnderstood):
    message = "Write it so that nobody can tell who asked"


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What a provider asks: about a market, and about one of its categories or all (None)."""

    market_id: UUID
    text: str
    category_id: UUID | None = None


@transaction.atomic
def ask(*, new: NewQuestion, actor: Actor, now: datetime) -> AskedQuestion:
    """Put a question to the central team, until the window's last day for them (BC 13.1).

    :raises NotPermitted: only providers ask.
    :raises AskingIsOver: the last day for questions has passed; the message says when it was.
    :raises NothingWritten, TooLong: no words, or more than 300.
    :raises NotOfThisMarket: the category is another market's.
    :raises TooManyWaiting: 20 of the provider's own wait already.
    """
    require(actor, Action.ASK_ABOUT_JOINING)
    provider_id = provider_of(actor)
    market = Market.objects.get(pk=new.market_id)
    about = asking_in(market, windows_of(market.pk), london(now).date())
    if not about.is_open(london(now).date()):
        raise AskingIsOver(
            f"Questions about {market.name} were taken until {show_date(about.last_day)}"
        )
    words = _written(new.text, "text", "Enter your question", MOST_WORDS)
    of_market = Category.objects.filter(market=market)
    if new.category_id is not None and not of_market.filter(pk=new.category_id).exists():
        raise NotOfThisMarket
    mine = AskedQuestion.objects.filter(provider_id=provider_id, closed_at__isnull=True)
    if mine.count() >= MOST_WAITING:
        raise TooManyWaiting

    asked = AskedQuestion.objects.create(
        provider_id=provider_id,
        market=market,
        window_id=about.window_id,
        category_id=new.category_id,
        text=words,
        asked_by_id=person_of(actor),
        asked_at=now,
    )
    facts = {"market": market.code, "sha256": _fingerprint(words)}
    audit.record(Act("question.asked", asked, facts), actor=actor, at=now)
    owe(
        TELL_OF_QUESTION,
        key=f"question:{asked.pk}",
        authority_id=REGION_ID,
        at=now,
        question_id=str(asked.pk),
    )
    return asked


@transaction.atomic
def answer_question(
    *, question_id: UUID, question: str, answer: str, actor: Actor, now: datetime
) -> Clarification:
    """Publish a question, in words that hide who asked, with its answer to everybody (BC 13.1).

    Neither the published row nor the event of it names or points to the question as it was asked.

    :raises NotPermitted: only officers of the central team answer.
    :raises QuestionIsClosed: it has been answered or closed.
    :raises NothingWritten, TooLong: no words, or more than 300 and 600.
    :raises NamesTheAsker: the provider, its person or an establishment of it is named.
    """
    require(actor, Action.ANSWER_QUESTIONS)
    asked = _open(question_id)
    words = _written(question, "question", "Enter the question to publish", MOST_WORDS)
    said = _written(answer, "answer", "Enter the answer", MOST_ANSWER_WORDS)
    names = names_of_asker(asked)
    for field, text in (("question", words), ("answer", said)):
        _refuse_if_named(text, names, field)

    clarification = Clarification.objects.create(
        market_id=asked.market_id,
        window_id=asked.window_id,
        category_id=asked.category_id,
        question=words,
        answer=said,
        published_at=now,
        published_by_id=person_of(actor),
    )
    asked.clarification = clarification
    _close(asked, actor=actor, now=now)
    facts = {"question_sha256": _fingerprint(words), "answer_sha256": _fingerprint(said)}
    audit.record(Act("question.answered", clarification, facts), actor=actor, at=now)
    owe(
        TELL_OF_ANSWER,
        key=f"clarification:{clarification.pk}",
        authority_id=REGION_ID,
        at=now,
        clarification_id=str(clarification.pk),
    )
    return clarification


@transaction.atomic
def decline_question(
    *, question_id: UUID, reason: str, actor: Actor, now: datetime
) -> AskedQuestion:
    """Close a question without publishing it; the asker alone is told why (BC 13.1).

    :raises NotPermitted: only officers of the central team do this.
    :raises QuestionIsClosed: it has been answered or closed.
    :raises NothingWritten, TooLong: no reason, or more than 600 words.
    """
    require(actor, Action.ANSWER_QUESTIONS)
    asked = _open(question_id)
    asked.closed_why = _written(reason, "reason", "Enter the reason", MOST_ANSWER_WORDS)
    _close(asked, actor=actor, now=now)
    audit.record(Act("question.not_published", asked), actor=actor, at=now)
    context = {"question": asked.text, "reason": asked.closed_why}
    letter = ProviderLetter("qualification/question_not_published", asked.provider_id, context)
    send_to_provider(letter, key=f"declined:{asked.pk}", authority_id=REGION_ID, now=now)
    return asked


@job(TELL_OF_QUESTION)
def tell_of_question(*, question_id: str, actor: Actor, now: datetime) -> None:
    """Tell those who answer that a question waits; not who asked it."""
    for person_id in people_who_answer():
        letter = Letter("qualification/question_waits", person_id, {"question_id": question_id})
        key = f"question:{question_id}:{person_id}"
        send(letter, key=key, authority_id=REGION_ID, now=now)


@job(TELL_OF_ANSWER)
def tell_of_answer(*, clarification_id: str, actor: Actor, now: datetime) -> None:
    """Tell everybody who joins in that window, the asker in the same words as all others."""
    found = Clarification.objects.select_related("market", "window", "category")
    clarification = found.get(pk=clarification_id)
    context = {
        "about": clarification.category.name if clarification.category else "joining",
        "question": clarification.question,
        "answer": clarification.answer,
    }
    for provider_id in sorted(providers_to_tell(clarification)):
        letter = ProviderLetter("qualification/question_answered", provider_id, context)
        key = f"clarification:{clarification.pk}:{provider_id}"
        send_to_provider(letter, key=key, authority_id=REGION_ID, now=now)


def _open(question_id: UUID) -> AskedQuestion:
    """Locked: two officers may take up the same question."""
    asked = AskedQuestion.objects.select_for_update(of=("self",)).get(pk=question_id)
    if asked.closed_at is not None:
        raise QuestionIsClosed
    return asked


def _close(asked: AskedQuestion, *, actor: Actor, now: datetime) -> None:
    asked.closed_at, asked.closed_by_id = now, actor.person_id
    asked.save(update_fields=["clarification", "closed_at", "closed_by", "closed_why"])


def _written(text: str, field: str, required: str, most_words: int) -> str:
    words = text.strip()
    if not words:
        raise NothingWritten(required, field=field)
    if len(words.split()) > most_words:
        raise TooLong(f"Write {most_words} words or fewer", field=field)
    return words


def _refuse_if_named(text: str, names: list[str], field: str) -> None:
    found = names_in(text, names)
    if found:
        named = " and ".join(f"“{name}”" for name in found)
        raise NamesTheAsker(
            f"Everybody reads this, and {named} would tell them who asked. Write it without the"
            " name",
            field=field,
        )


def _fingerprint(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
