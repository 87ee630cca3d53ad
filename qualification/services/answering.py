"""Answering the questions of a joining, for all or for one establishment. Nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import IllegalTransition, NotFound, NotUnderstood, Refusal
from qualification import fingerprints
from qualification.models import Answer, Application, Joining, Question
from qualification.services.joining_row import locked_joining
from qualification.states import ApplicationState

CHARACTERS_A_WORD = 40
"""A draft may be over its word limit, but not endless: so many characters for each word of it."""
LONGEST_NOTE = 8_000
"""Characters of what is said beside a yes or no."""
Kind = Question.Kind
SAID_BESIDE = (Kind.REGISTRATION, Kind.INSPECTION, Kind.SHOWN)
"""Where a provider may say why the record differs, or what it offers."""


class NotADraft(IllegalTransition):
    message = "This application has been sent or withdrawn, so it cannot be changed"


class KeptFromBefore(IllegalTransition):
    message = "This answer passed before and is kept, so it cannot be changed"


class AnswerYesOrNo(NotUnderstood):
    message = "Select yes or no"


class TooMuchText(NotUnderstood):
    message = "This is too long to keep. Shorten it"


class ChangedMeanwhile(Refusal):
    message = (
        "Somebody else in your organisation changed this after you opened it. Compare the two, and"
        " save again to keep yours"
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered: yes or no, words, and the mark of the words that the writer began with."""

    passes: bool | None
    text: str
    seen: str | None = None


@transaction.atomic
def answer(
    *,
    joining_id: UUID,
    question_id: UUID,
    establishment_id: UUID | None = None,
    passes: bool | None = None,
    text: str = "",
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Answer:
    """Save an answer common to all establishments of a joining, or that of one (Q1, Q2, Q3).

    A draft may be over the word limit; sending it is refused then. `seen` is the fingerprint of
    the text that the writer started from.

    :raises NotPermitted, NotADraft, NotFound: not allowed, sent already, not asked here.
    :raises KeptFromBefore: it passed before and is not asked again.
    :raises AnswerYesOrNo, TooMuchText: the answer does not fit the question.
    :raises ChangedMeanwhile: another person has changed the text that was `seen`.
    """
    given = Given(passes, text, seen)
    saved = _write(joining_id, question_id, establishment_id, given, actor=actor, now=now)
    facts = {
        "question": saved.question.code,
        "establishment_id": str(establishment_id) if establishment_id else None,
        "passes": saved.passes,
        "words": len(saved.text.split()),
    }
    audit.record(Act("joining.answered", saved.joining, facts), actor=actor, at=now)
    return saved


@transaction.atomic
def keep_typed(
    *,
    joining_id: UUID,
    question_id: UUID,
    establishment_id: UUID | None = None,
    text: str,
    seen: str | None,
    actor: Actor,
    now: datetime,
) -> Answer:
    """Keep what is being typed, every few seconds; only a deliberate save leaves an event.

    :raises Refusal: as `answer` does.
    """
    given = Given(None, text, seen)
    return _write(joining_id, question_id, establishment_id, given, actor=actor, now=now)


@transaction.atomic
def answer_as_the_others(
    *, joining_id: UUID, question_id: UUID, establishment_id: UUID, actor: Actor, now: datetime
) -> None:
    """Let the answer common to all count for an establishment again; what differed is dropped.

    :raises NotPermitted, NotADraft, NotFound, KeptFromBefore: as `answer` does.
    """
    require(actor, Action.PREPARE_APPLICATION)
    joining = locked_joining(joining_id)
    question = asked_of(joining, question_id, establishment_id)

    rows = Answer.objects.filter(joining=joining, question=question)
    rows.filter(establishment_id=establishment_id, sent_at__isnull=True).delete()
    if rows.filter(establishment_id=establishment_id).exists():
        # One that was sent stays as it was, so that what is common is written after it.
        common = rows.filter(establishment_id__isnull=True).order_by("changed_at", "id").last()
        Answer.objects.create(
            provider_id=joining.provider_id,
            joining=joining,
            question=question,
            establishment_id=establishment_id,
            passes=common.passes if common else None,
            text=common.text if common else "",
            changed_by_id=actor.person_id,
            changed_at=now,
        )
    facts = {"question": question.code, "establishment_id": str(establishment_id)}
    audit.record(Act("joining.answered_as_the_others", joining, facts), actor=actor, at=now)


def _write(
    joining_id: UUID,
    question_id: UUID,
    establishment_id: UUID | None,
    given: Given,
    *,
    actor: Actor,
    now: datetime,
) -> Answer:
    require(actor, Action.PREPARE_APPLICATION)
    joining = locked_joining(joining_id)
    question = asked_of(joining, question_id, establishment_id)
    given = _fitting(question, given)
    before = newest(joining, question, establishment_id)
    if before is not None and given.seen is not None:
        is_mine = before.changed_by_id == actor.person_id
        is_seen = fingerprints.of_text(before.text) == given.seen or before.text == given.text
        if not (is_seen or is_mine):
            raise ChangedMeanwhile(field="text")

    return write(joining, question, establishment_id, given, actor=actor, now=now)


def write(
    joining: Joining,
    question: Question,
    establishment_id: UUID | None,
    given: Given,
    *,
    actor: Actor,
    now: datetime,
) -> Answer:
    """The answer that is still to be sent: the one there is, or the next one."""
    # The joining is locked: nobody else is writing.
    saved = of_place(joining, question, establishment_id).filter(sent_at__isnull=True).first()
    if saved is None:
        saved = Answer(
            provider_id=joining.provider_id,
            joining=joining,
            question=question,
            establishment_id=establishment_id,
        )
    saved.passes = given.passes
    saved.text = given.text
    saved.changed_by_id = actor.person_id
    saved.changed_at = now
    saved.save()
    return saved


def newest(joining: Joining, question: Question, establishment_id: UUID | None) -> Answer | None:
    return of_place(joining, question, establishment_id).order_by("changed_at", "id").last()


def of_place(
    joining: Joining, question: Question, establishment_id: UUID | None
) -> QuerySet[Answer]:
    """The answers common to all, or those of one establishment."""
    rows = Answer.objects.filter(joining=joining, question=question)
    if establishment_id is None:
        return rows.filter(establishment__isnull=True)
    return rows.filter(establishment_id=establishment_id)


def asked_of(joining: Joining, question_id: UUID, establishment_id: UUID | None) -> Question:
    """The question, if a draft of the joining still asks it.

    :raises NotFound: nothing in the joining asks it.
    :raises NotADraft: what asks it has been sent or withdrawn.
    :raises KeptFromBefore: the answer passed before.
    """
    asking = Application.objects.filter(
        joining=joining, rule_set__criteria__question_id=question_id
    )
    if establishment_id is not None:
        asking = asking.filter(establishment_id=establishment_id)
    rows = list(asking)
    if not rows:
        raise NotFound
    drafts = [each for each in rows if each.state == ApplicationState.DRAFT]
    if not drafts:
        raise NotADraft
    question = Question.objects.get(pk=question_id)
    if all(
        each.to_put_right is not None and question.code not in each.to_put_right for each in drafts
    ):
        raise KeptFromBefore
    return question


def _fitting(question: Question, given: Given) -> Given:
    """The given as the kind of question takes it."""
    text = given.text.replace("\r\n", "\n")
    if question.kind == Kind.EXCLUSIONS:
        raise NotFound
    if question.is_statement:
        if len(text) > question.word_limit * CHARACTERS_A_WORD:
            raise TooMuchText(field="text")
        return Given(None, text, given.seen)
    if given.passes is None:
        raise AnswerYesOrNo(field="passes")
    if len(text) > LONGEST_NOTE:
        raise TooMuchText(field="text")
    return Given(given.passes, text if question.kind in SAID_BESIDE else "", given.seen)
