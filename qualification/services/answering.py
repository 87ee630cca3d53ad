"""Writing the answers and costs of a draft. Every step is kept; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.money import MOST_PENCE, Basis
from dps.permissions import Action, require
from dps.refusals import IllegalTransition, NotFound, NotUnderstood, Refusal
from qualification import fingerprints
from qualification.core_costs import CostEntry
from qualification.models import Answer, Application, CoreCostLine, CostHead, Criterion
from qualification.queries.applications import contents_of
from qualification.queries.rules import criteria_of, heads_of
from qualification.states import ApplicationState

CHARACTERS_A_WORD = 40
"""A draft may be over its word limit, but not endless: so many characters for each word of it."""


class NotADraft(IllegalTransition):
    message = "This application has been sent or withdrawn, so it cannot be changed"


class AnswerYesOrNo(NotUnderstood):
    message = "Select yes or no"


class TooMuchText(NotUnderstood):
    message = "This is too long to keep. Shorten it"


class ChangedMeanwhile(Refusal):
    message = (
        "Somebody else in your organisation changed this after you opened it. Compare the two, and"
        " save again to keep yours"
    )


class WrongCost(NotUnderstood):
    message = "This cost cannot be read"


@transaction.atomic
def answer(
    *,
    application_id: UUID,
    criterion_id: UUID,
    passes: bool | None = None,
    text: str = "",
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Answer:
    """Save one answer of a draft: yes or no, or the words of a method statement (Q2, Q3).

    A draft may be over the word limit; sending it is refused then. `seen` is the fingerprint of
    the text that the writer started from.

    :raises NotPermitted, NotADraft, NotFound: not allowed, sent already, not asked here.
    :raises AnswerYesOrNo, TooMuchText: the answer does not fit the question.
    :raises ChangedMeanwhile: another person has changed the text that was `seen`.
    """
    saved = _write(application_id, criterion_id, (passes, text, seen), actor=actor, now=now)
    facts = {"criterion": saved.criterion.code, "passes": saved.passes, "words": len(text.split())}
    act = Act("application.answered", saved.application, facts)
    audit.record(act, actor=actor, at=now)
    return saved


@transaction.atomic
def keep_typed(
    *,
    application_id: UUID,
    criterion_id: UUID,
    text: str,
    seen: str | None,
    actor: Actor,
    now: datetime,
) -> Answer:
    """Keep what is being typed, every few seconds; only a deliberate save leaves an event.

    :raises Refusal: as `answer` does.
    """
    return _write(application_id, criterion_id, (None, text, seen), actor=actor, now=now)


def _write(
    application_id: UUID,
    criterion_id: UUID,
    given: tuple[bool | None, str, str | None],
    *,
    actor: Actor,
    now: datetime,
) -> Answer:
    passes, text, seen = given
    require(actor, Action.PREPARE_APPLICATION)
    application = _locked_draft(application_id)
    criterion = _asked(application, criterion_id)
    text = text.replace("\r\n", "\n")
    if criterion.kind == Criterion.Kind.PASS_FAIL:
        text = ""
        if passes is None:
            raise AnswerYesOrNo(field="passes")
    else:
        passes = None
        if len(text) > criterion.word_limit * CHARACTERS_A_WORD:
            raise TooMuchText(field="text")
    before = Answer.objects.filter(application=application, criterion=criterion).first()
    if before is not None and seen is not None:
        is_mine = before.changed_by_id == actor.person_id
        is_seen = fingerprints.of_text(before.text) == seen or before.text == text
        if not (is_seen or is_mine):
            raise ChangedMeanwhile(field="text")

    saved, _ = Answer.objects.update_or_create(
        application=application,
        criterion=criterion,
        defaults={
            "provider_id": application.provider_id,
            "passes": passes,
            "text": text,
            "changed_by_id": actor.person_id,
            "changed_at": now,
        },
    )
    return saved


@transaction.atomic
def set_core_costs(
    *,
    application_id: UUID,
    lines: Sequence[CostEntry],
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> list[CoreCostLine]:
    """Save the core cost lines of a draft, in place of those before (BC 7.4, Q5).

    `seen` is the fingerprint of the lines that the writer started from.

    :raises NotPermitted, NotADraft: not allowed, or sent already.
    :raises WrongCost: a head not in the schedule or given twice, or an amount out of bounds.
    :raises ChangedMeanwhile: somebody has changed the lines that were `seen`.
    """
    require(actor, Action.PREPARE_APPLICATION)
    application = _locked_draft(application_id)
    heads = {head.code: head for head in heads_of(application)}
    _refuse_wrong_costs(lines, heads)
    stored = contents_of(application).costs_fingerprint
    if seen is not None and stored not in (seen, fingerprints.of_costs(lines)):
        raise ChangedMeanwhile

    CoreCostLine.objects.filter(application=application).delete()
    saved = CoreCostLine.objects.bulk_create(
        CoreCostLine(
            provider_id=application.provider_id,
            application=application,
            head=heads[line.code],
            amount_pence=line.amount_pence,
            basis=Basis(line.basis).value,
        )
        for line in lines
    )
    facts = {"lines": len(saved), "fingerprint": fingerprints.of_costs(lines)}
    audit.record(Act("application.costs_saved", application, facts), actor=actor, at=now)
    return saved


def _refuse_wrong_costs(lines: Sequence[CostEntry], heads: dict[str, CostHead]) -> None:
    codes = [line.code for line in lines]
    for line in lines:
        if line.code not in heads or codes.count(line.code) > 1:
            raise WrongCost(field=line.code)
        if not 0 <= line.amount_pence <= MOST_PENCE or line.basis not in list(Basis):
            raise WrongCost(field=line.code)


def _locked_draft(application_id: UUID) -> Application:
    application = Application.objects.select_for_update().get(pk=application_id)
    if application.state != ApplicationState.DRAFT:
        raise NotADraft
    return application


def _asked(application: Application, criterion_id: UUID) -> Criterion:
    for criterion in criteria_of(application):
        if criterion.id == criterion_id:
            return criterion
    raise NotFound
