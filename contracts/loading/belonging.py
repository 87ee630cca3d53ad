"""What belonging to the market brings: terms to accept, and questions with their answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from contracts.loading.story import Story
from dps.actors import Actor, Role
from dps.clock import from_london, london
from dps.demo import texts
from qualification.queries.terms import listed_since
from qualification.services.clarifying import NewQuestion, answer_question, ask, decline_question
from qualification.services.terms import NewTerms, Signature, accept_terms, publish_terms
from qualification.shipped_terms import TITLE, first_text

FIRST_DAYS_AGO, SECOND_DAYS_AGO = 300, 12
NOON = time(12)
NOTICE = ("within 5 working days when", "within 3 working days when")
STRICTER = "Tell the contract team within 3 working days, instead of 5, when something changes."
NEWS = f"{STRICTER} Nothing else is different."
NOT_FOR_ALL = (
    "Has our insurance certificate arrived?",
    "This is about your own application. It has arrived, and is being checked.",
)
STILL_OPEN = (
    "Do transport costs belong to the core costs of a day place?",
    "We share a site with another school. Do we need a policy of our own?",
)


def publish_first_terms(story: Story) -> None:
    """Sent to everybody on a list; all but one have accepted."""
    at = story.ago(days=FIRST_DAYS_AGO)
    sha256 = _publish(story, at, first_text(), after=0, from_date=london(at).date())
    _, *others = _on_a_list(story)
    for number, (owner, listed) in enumerate(others):
        earliest = from_london(listed + timedelta(days=2), NOON)
        then = max(at + timedelta(days=2 + number % 20), earliest)
        _accept(story, owner, 1, sha256, at=min(then, story.ago(days=SECOND_DAYS_AGO + 1)))


def vary_terms(story: Story) -> None:
    """A second version has gone out; every other provider has accepted it."""
    at = story.ago(days=SECOND_DAYS_AGO)
    text = first_text().replace(*NOTICE)
    from_date = london(at).date() + timedelta(days=42)
    sha256 = _publish(story, at, text, after=1, from_date=from_date, change=NEWS)
    for number, (owner, _) in enumerate(_on_a_list(story)):
        if number % 2:
            _accept(story, owner, 2, sha256, at=at + timedelta(days=1 + number % 10))


def _publish(
    story: Story, at: datetime, text: str, *, after: int, from_date: date, change: str = ""
) -> str:
    manager = story.person("central", Role.DPS_MANAGER)
    accept_by = london(at).date() + timedelta(days=28)
    with story.acting(manager, at):
        new = NewTerms(after, TITLE, text, change, from_date, accept_by)
        sha256 = publish_terms(new=new, actor=manager, now=at).sha256
    story.settle(at)
    return sha256


def _accept(story: Story, owner: Actor, number: int, sha256: str, *, at: datetime) -> None:
    with story.acting(owner, at):
        signature = Signature(owner.name, "Director", sha256)
        accept_terms(number=number, signature=signature, actor=owner, now=at)


def _on_a_list(story: Story) -> list[tuple[Actor, date]]:
    """Each provider's first person, with the day on which the provider came on a list."""
    owners = {one.provider_id: one for one in story.providers.values()}
    with story.acting(story.person("central", Role.DPS_MANAGER), story.now):
        found = [(one, listed_since(home)) for home, one in owners.items() if home]
    return [(one, since) for one, since in found if since]


def ask_about_joining(story: Story) -> None:
    """Some are answered to everybody, one is about the asker's own case, two wait."""
    officer = story.person("central", Role.CONTRACTS_OFFICER)
    askers = _in_turn([owner for owner, _ in _on_a_list(story)])
    for number, one in enumerate(texts.clarifications("process")):
        question_id, later = _ask(story, next(askers), one.question, days_ago=40 - 7 * number)
        with story.acting(officer, later):
            answer_question(
                question_id=question_id,
                question=one.question,
                answer=one.answer,
                actor=officer,
                now=later,
            )
    own, why = NOT_FOR_ALL
    question_id, later = _ask(story, next(askers), own, days_ago=9)
    with story.acting(officer, later):
        decline_question(question_id=question_id, reason=why, actor=officer, now=later)
    for number, words in enumerate(STILL_OPEN):
        _ask(story, next(askers), words, days_ago=3 - number)


def _in_turn(askers: list[Actor]) -> Iterator[Actor]:
    while True:
        yield from askers


def _ask(story: Story, asker: Actor, words: str, *, days_ago: int) -> tuple[UUID, datetime]:
    at = story.ago(days=days_ago)
    category = story.categories["sen-day"]
    with story.acting(asker, at):
        new = NewQuestion(market_id=category.market_id, category_id=category.id, text=words)
        return ask(new=new, actor=asker, now=at).id, at + timedelta(hours=20)
