"""The contract terms in words: which version holds, who has accepted it, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from dps.actors import Actor
from dps.clock import london, show_date
from dps.govuk.templatetags.govuk import day
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from qualification.models import Terms
from qualification.queries.terms import Asked, asked_of, everybody_asked, live_terms
from qualification.terms_due import Standing, in_force
from qualification.terms_text import blocks

VERSIONS_HEAD = (
    "Version",
    "Holds",
    "Accept by",
    {"text": "Accepted", "numeric": True},
    {"text": "Of", "numeric": True},
)
PROGRESS_HEAD = ("Provider", "State", "Last day", "Accepted by", "On")
OWN_HEAD = ("Version", "Holds", "Last day to accept", "State")
TAGS = {
    Standing.ACCEPTED: ("Accepted", "green"),
    Standing.WAITING: ("To accept", "blue"),
    Standing.OVERDUE: ("Overdue", "red"),
}


def version(terms: Terms, versions: Iterable[Terms], today: date) -> dict[str, Any]:
    """One version as everybody reads it, with the one that follows it and those before."""
    every = list(versions)
    return {
        "terms": terms,
        "holds": holds(terms, every, today),
        "blocks": blocks(terms.text),
        "others": [
            {"number": each.number, "holds": holds(each, every, today), "change": each.change}
            for each in every
            if each.number != terms.number
        ],
    }


def holds(terms: Terms, versions: Iterable[Terms], today: date) -> str:
    start = show_date(terms.from_date)
    if terms.from_date > today:
        return f"From {start}"
    later = [each for each in versions if each.number > terms.number]
    following = min((each.from_date for each in later), default=None)
    if following is None or following > today:
        until = f" until {show_date(following - timedelta(days=1))}" if following else ""
        return f"In force since {start}{until}"
    return f"{start} to {show_date(following - timedelta(days=1))}"


def shown(versions: Iterable[Terms], today: date) -> Terms | None:
    """The version in force; before the first one holds, that one."""
    every = list(versions)
    return in_force(every, today) or min(every, key=lambda each: each.number, default=None)


def version_rows(
    versions: Iterable[Terms], accepted: Mapping[UUID, int], asked: int, today: date
) -> list[list[Any]]:
    every = list(versions)
    return [
        [
            {"text": f"Version {each.number}", "href": progress_page(each.number)},
            holds(each, every, today),
            show_date(each.accept_by),
            accepted.get(each.pk, 0),
            asked,
        ]
        for each in every
    ]


def progress_page(number: int) -> str:
    return reverse("qualification:terms_progress", args=[number])


def progress_row(name: str, asked: Asked) -> list[Any]:
    made = asked.acceptance
    return [
        name,
        tag(asked.standing),
        show_date(asked.due),
        f"{made.signatory}, {made.position}" if made else "",
        day(made.accepted_at) if made else "",
    ]


def tag(standing: Standing) -> dict[str, str]:
    text, colour = TAGS[standing]
    return {"text": text, "colour": colour}


def counts(asked: Iterable[Asked]) -> dict[Standing, int]:
    found = dict.fromkeys(Standing, 0)
    for each in asked:
        found[each.standing] += 1
    return found


def filters(found: Mapping[Standing, int], show: str) -> list[dict[str, Any]]:
    """Links to all and to those of each standing, with how many they are."""
    parts = [("", "All", sum(found.values()))]
    parts += [(each.value, TAGS[each][0], number) for each, number in found.items()]
    return [
        {"text": f"{text} ({number})", "query": f"?show={key}" if key else "?", "here": key == show}
        for key, text, number in parts
    ]


def own_rows(asked: Iterable[Asked], today: date) -> list[list[Any]]:
    every = list(asked)
    versions = [each.terms for each in every]
    return [
        [
            {
                "text": f"Version {each.terms.number}",
                "href": reverse("qualification:accept_terms", args=[each.terms.number]),
            },
            holds(each.terms, versions, today),
            show_date(each.due),
            tag(each.standing),
        ]
        for each in every
    ]


def to_accept(actor: Actor, now: datetime) -> Iterator[Section]:
    """The versions that a provider's signatory has not accepted yet."""
    if not may(actor, Action.ACCEPT_TERMS) or actor.provider_id is None:
        return
    asked = asked_of(actor.provider_id, london(now).date())
    waiting = [each for each in asked if each.standing is not Standing.ACCEPTED]
    if waiting:
        yield Section(
            heading="Contract terms",
            items=tuple(_waiting(each) for each in waiting),
            empty="",
            more_text="What your organisation has accepted",
            more_href=reverse("qualification:your_terms"),
        )


def _waiting(asked: Asked) -> Waiting:
    number = asked.terms.number
    last = "Overdue: the last day was" if asked.standing is Standing.OVERDUE else "Accept it by"
    return Waiting(
        "The contract terms to accept" if number == 1 else "A variation of the terms to accept",
        reverse("qualification:accept_terms", args=[number]),
        f"{last} {show_date(asked.due)}",
    )


def overdue(actor: Actor, now: datetime) -> Iterator[Section]:
    """The versions whose last day has passed, for whoever follows them."""
    if not may(actor, Action.FOLLOW_TERMS):
        return
    today = london(now).date()
    found = [(each, counts(everybody_asked(each, today).values())) for each in live_terms(today)]
    items = [_late(terms, number[Standing.OVERDUE]) for terms, number in found]
    late = tuple(each for each in items if each)
    if late:
        yield Section(
            heading="Contract terms",
            items=late,
            empty="",
            more_text="Who has accepted",
            more_href=reverse("qualification:terms_versions"),
        )


def _late(terms: Terms, number: int) -> Waiting | None:
    if not number:
        return None
    have = "provider has" if number == 1 else "providers have"
    return Waiting(
        f"{number} {have} not accepted version {terms.number} of the terms in time",
        f"{progress_page(terms.number)}?show={Standing.OVERDUE}",
        f"The last day was {show_date(terms.accept_by)} for those on the list when it went out",
    )
