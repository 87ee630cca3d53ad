"""Questions about joining in words: until when, what waits, what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from dps.actors import Actor
from dps.clock import london, show_date
from dps.govuk.templatetags.govuk import day
from dps.models import Market
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from qualification.asking_time import Asking
from qualification.models import AskedQuestion, Clarification
from qualification.queries.asking import asking_in, open_questions

OPEN_HEAD = ("Question", "About", "Asked on", "Waits for")
CLOSED_HEAD = ("Question", "What became of it", "By", "On")
SHORT = 120


def clock(market: Market, today: date) -> dict[str, Any]:
    """Until when questions about a market are taken, and how long that is from now."""
    asking: Asking = asking_in(market, market.windows.all(), today)
    last, is_open = show_date(asking.last_day), asking.is_open(today)
    until = f"until the end of {last}" if is_open else f"until {last}"
    left = (asking.last_day - today).days
    return {
        "market": market.name,
        "is_open": is_open,
        "until": until,
        "left": days_left(left) if is_open else "",
    }


def days_left(days: int) -> str:
    if days == 0:
        return "Today is the last day"
    return "1 day left" if days == 1 else f"{days} days left"


def answered(clarification: Clarification) -> dict[str, Any]:
    """One question as everybody reads it: the day of the answer, and no hour."""
    return {
        "question": clarification.question,
        "answer": clarification.answer,
        "about": about(clarification),
        "on": day(clarification.published_at),
    }


def about(asked: AskedQuestion | Clarification) -> str:
    return asked.category.name if asked.category else "Joining in general"


def own(asked: AskedQuestion) -> dict[str, Any]:
    """One question as its provider reads it, with what became of it."""
    tag, colour, said = "Waits for an answer", "blue", ""
    if asked.clarification:
        tag, colour, said = "Answered", "green", asked.clarification.answer
    elif asked.closed_at:
        tag, colour, said = "Not published", "grey", asked.closed_why
    published = asked.clarification.question if asked.clarification else ""
    return {
        "text": asked.text,
        "published": published if published != asked.text else "",
        "tag": tag,
        "colour": colour,
        "said": said,
        "about": about(asked),
        "by": asked.asked_by.name,
        "on": day(asked.asked_at),
    }


def open_row(asked: AskedQuestion, today: date) -> list[Any]:
    waited = (today - london(asked.asked_at).date()).days
    return [
        {"text": short(asked.text), "href": answer_page(asked)},
        about(asked),
        day(asked.asked_at),
        f"{waited} day{'' if waited == 1 else 's'}" if waited else "Since today",
    ]


def closed_row(asked: AskedQuestion) -> list[Any]:
    outcome = "Answered to everybody" if asked.clarification_id else "Not published"
    return [
        {"text": short(asked.text), "href": answer_page(asked)},
        outcome,
        asked.closed_by.name if asked.closed_by else "",
        day(asked.closed_at),
    ]


def answer_page(asked: AskedQuestion) -> str:
    return reverse("qualification:answer_question", args=[asked.pk])


def short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHORT else f"{words[:SHORT].rstrip()}…"


def clocks(markets: Iterable[Market], today: date) -> list[dict[str, Any]]:
    return [clock(each, today) for each in markets if each.ends_on >= today]


def to_answer(actor: Actor) -> Iterator[Section]:
    """How many questions wait for whoever answers them."""
    if not may(actor, Action.ANSWER_QUESTIONS):
        return
    found = open_questions()
    number, oldest = found.count(), found.first()
    href = reverse("qualification:open_questions")
    text = f"{number} question{'' if number == 1 else 's'} to answer"
    detail = f"The oldest waits since {day(oldest.asked_at)}" if oldest else ""
    yield Section(
        heading="Questions about joining",
        items=(Waiting(text, href, detail),) if oldest else (),
        empty="No question waits for an answer.",
        more_text="All questions and answers",
        more_href=href,
    )
