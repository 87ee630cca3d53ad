"""Declaring the exclusion grounds that apply, or that none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.permissions import Action, require
from dps.refusals import NotFound, NotUnderstood
from qualification.exclusions import BY_CODE, NONE_APPLY, Declared, Verdict, judge
from qualification.models import Answer, Ground, Joining, Question
from qualification.services.answering import Given, NotADraft, asked_of, write
from qualification.services.joining_row import locked_joining
from qualification.states import ApplicationState

LONGEST = 8_000


class WrongGround(NotUnderstood):
    message = "This exclusion ground cannot be read"


@dataclass(frozen=True, slots=True)
class NewGround:
    """A ground that applies to the provider, or to somebody who runs or owns it."""

    code: str
    applies_to: str
    in_uk: bool
    description: str
    put_right: str = ""
    public_record: str = ""
    ended_on: date | None = None
    contact_email: str = ""


@transaction.atomic
def declare_grounds(
    *, joining_id: UUID, grounds: Sequence[NewGround], actor: Actor, now: datetime
) -> Answer:
    """Declare all exclusion grounds that apply to a joining, in place of those before (Q2, Q10).

    A declaration that was sent stays as it was: the next one is written beside it.

    :raises NotPermitted, NotFound, NotADraft: not allowed, not asked here, sent already.
    :raises WrongGround: no such ground, one twice, not described, or ended in the future.
    """
    require(actor, Action.PREPARE_APPLICATION)
    joining = locked_joining(joining_id)
    question = _question(joining)
    day = london(now).date()
    _refuse_wrong(grounds, day)
    verdict = judge(
        (Declared(each.code, each.ended_on, each.put_right) for each in grounds), on=day
    )

    given = Given(verdict is not Verdict.FAILS, in_words(grounds))
    declared = write(joining, question, None, given, actor=actor, now=now)
    Ground.objects.filter(answer=declared).delete()
    Ground.objects.bulk_create(
        Ground(
            provider_id=joining.provider_id,
            joining=joining,
            answer=declared,
            code=each.code,
            applies_to=each.applies_to,
            in_uk=each.in_uk,
            description=each.description.strip(),
            put_right=each.put_right.strip(),
            public_record=each.public_record.strip(),
            ended_on=each.ended_on,
            contact_email=each.contact_email,
            changed_at=now,
        )
        for each in grounds
    )
    joining.grounds_declared_at = now
    joining.save(update_fields=["grounds_declared_at"])
    facts = {"grounds": [each.code for each in grounds], "verdict": verdict.value}
    audit.record(Act("joining.grounds_declared", joining, facts), actor=actor, at=now)
    return declared


def in_words(grounds: Sequence[NewGround]) -> str:
    """The declaration as it is sent and read."""
    return "\n\n".join(_one_in_words(each) for each in grounds) or NONE_APPLY


def _one_in_words(new: NewGround) -> str:
    ended = f"It ended on {show_date(new.ended_on)}." if new.ended_on else "It has not ended."
    lines = [
        f"{BY_CODE[new.code].words} ({'in' if new.in_uk else 'outside'} the UK). {ended}",
        f"Applies to: {Ground.AppliesTo(new.applies_to).label.lower()}.",
        f"What happened: {new.description.strip()}",
    ]
    if new.put_right.strip():
        lines.append(f"Put right: {new.put_right.strip()}")
    if new.public_record.strip():
        lines.append(f"Public record: {new.public_record.strip()}")
    if new.contact_email:
        lines.append(f"Contact: {new.contact_email}")
    return "\n".join(lines)


def _question(joining: Joining) -> Question:
    asked = Question.objects.filter(
        kind=Question.Kind.EXCLUSIONS,
        id__in=joining.applications.values("rule_set__criteria__question_id"),
    )
    drafts = joining.applications.filter(state=ApplicationState.DRAFT)
    still = asked.filter(id__in=drafts.values("rule_set__criteria__question_id")).first()
    if still is None:
        raise NotADraft if asked.exists() else NotFound
    return asked_of(joining, still.id, None)


def _refuse_wrong(grounds: Sequence[NewGround], day: date) -> None:
    codes = [each.code for each in grounds]
    for each in grounds:
        if each.code not in BY_CODE or codes.count(each.code) > 1:
            raise WrongGround(field=each.code)
        if each.applies_to not in Ground.AppliesTo.values:
            raise WrongGround("Select whom it applies to", field=each.code)
        if not each.description.strip() or len(each.description) > LONGEST:
            raise WrongGround("Describe what happened", field=each.code)
        if len(each.put_right) > LONGEST:
            raise WrongGround("This is too long to keep. Shorten it", field=each.code)
        if each.ended_on and each.ended_on > day:
            raise WrongGround("The day on which it ended must be in the past", field=each.code)
