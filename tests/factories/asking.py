"""Questions about joining and contract terms, through the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from dps.actors import REGION_ID, Actor, system
from dps.models import EntryWindow, Message, OwedJob
from dps.outbox import relay
from dps.tenancy.identity import acting_as
from qualification.models import (
    Acceptance,
    AskedQuestion,
    Clarification,
    Qualification,
    RuleSet,
    Terms,
)
from qualification.services import clarifying, terms
from tests.factories.kernel import NOON, Region
from tests.factories.qualification import Applying

BOSS = system(REGION_ID)
TODAY = NOON.date()
QUESTION = "May one policy cover two homes?"
ANSWER = "Yes, if it names both."
FIRST = terms.NewTerms(
    after=0,
    title="Terms for providers",
    text="# 1. What\n\nWe agree on this.\n\n- one\n- two",
    change="",
    from_date=TODAY,
    accept_by=TODAY + timedelta(days=28),
)
SECOND = replace(
    FIRST,
    after=1,
    text="# 1. What\n\nWe agree on more than this.",
    change="More is agreed.",
    from_date=TODAY + timedelta(days=30),
)
DAY = timedelta(days=1)


def make_window(
    region: Region, *, opens_on: date, closes_on: date | None, until: date | None
) -> EntryWindow:
    with acting_as(BOSS):
        return EntryWindow.objects.create(
            market=region.category.market,
            opens_on=opens_on,
            closes_on=closes_on,
            questions_until=until,
            made_at=NOON,
        )


def ask(region: Region, actor: Actor, *, now: datetime = NOON, **given: Any) -> AskedQuestion:
    new = clarifying.NewQuestion(region.category.market_id, **{"text": QUESTION, **given})
    with acting_as(actor):
        return clarifying.ask(new=new, actor=actor, now=now)


def answer(
    asked: AskedQuestion, officer: Actor, *, now: datetime = NOON, **given: Any
) -> Clarification:
    words = {"question": QUESTION, "answer": ANSWER, **given}
    with acting_as(officer):
        return clarifying.answer_question(question_id=asked.pk, actor=officer, now=now, **words)


def decline(asked: AskedQuestion, officer: Actor, reason: str = "See page 2.") -> AskedQuestion:
    with acting_as(officer):
        return clarifying.decline_question(
            question_id=asked.pk, reason=reason, actor=officer, now=NOON
        )


def publish(manager: Actor, new: terms.NewTerms = FIRST, *, now: datetime = NOON) -> Terms:
    with acting_as(manager):
        return terms.publish_terms(new=new, actor=manager, now=now)


def accept(actor: Actor, number: int = 1, *, now: datetime = NOON, **signature: str) -> Acceptance:
    with acting_as(actor):
        sha256 = Terms.objects.values_list("sha256", flat=True).get(number=number)
        given = {"signatory": "Ann Oak", "position": "Director", "sha256": sha256, **signature}
        return terms.accept_terms(
            number=number, signature=terms.Signature(**given), actor=actor, now=now
        )


def put_on_the_list(one: Applying, *, on: datetime = NOON) -> Applying:
    """As a decision would put it there."""
    with acting_as(BOSS):
        Qualification.objects.create(
            establishment=one.establishment,
            category=one.region.category,
            rule_set=RuleSet.objects.get(category=one.region.category),
            application_id=one.provider.id,
            qualified_at=on,
        )
    return one


def settle(now: datetime = NOON) -> None:
    """What is owed by then in the region is done, as relay and worker would."""
    while waiting := _waiting(now):
        for job_id in waiting:
            relay.run(REGION_ID, str(job_id), now=now)


def _waiting(now: datetime) -> list[Any]:
    with acting_as(BOSS):
        owed = OwedJob.objects.filter(
            due_at__lte=now, done_at__isnull=True, dead_at__isnull=True, job__startswith="qual"
        ).exclude(job="qualification.make_outcome_letter")
        return list(owed.order_by("due_at", "id").values_list("id", flat=True))


def letters(template: str) -> list[tuple[Any, dict[str, Any]]]:
    """Who got a letter of this kind, with what it says."""
    with acting_as(BOSS):
        rows = Message.objects.filter(template=f"qualification/{template}")
        return list(rows.order_by("created_at", "key").values_list("to_person_id", "context"))
