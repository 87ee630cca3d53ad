"""A provider's own standing in words, rows and a small chart."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.urls import reverse

from dps.actors import Actor
from dps.clock import london, show_date
from dps.govuk.charts import Bar, Chart
from dps.hundredths import show_hundredths
from qualification.grades import DESCRIPTORS, points
from qualification.models import Suspension
from qualification.presenters import reviewing as review_words
from qualification.queries.reviewing import Statement, Version
from qualification.queries.standing import Listed
from qualification.scoring import HIGHEST_GRADE

MODULE = "presenters.standing_also"
HEAD = (
    "Establishment",
    "Category",
    "State",
    {"text": "Score now", "numeric": True},
    "Next review",
)
SCORES_HEAD = (
    "Statement",
    {"text": "Grade of 5", "numeric": True},
    {"text": "Points", "numeric": True},
    {"text": "Of", "numeric": True},
)
HISTORY_HEAD = ("Counts from", {"text": "Score", "numeric": True}, "Why")
EXPIRING_HEAD = ("What", "Runs out")
REVIEWS_HEAD = ("Proposed", "Score", "How it stands")


def row(listed: Listed) -> list[Any]:
    place = listed.qualification.establishment
    return [
        {"text": place.name, "href": reverse("qualification:standing_of", args=[place.pk])},
        listed.qualification.category.name,
        state(listed.suspensions),
        show_hundredths(listed.now.score.score) if listed.now else "None",
        show_date(listed.review_due),
    ]


def state(suspensions: Collection[Suspension]) -> dict[str, str]:
    if suspensions:
        return {"text": "Suspended", "colour": "red"}
    return {"text": "Qualified", "colour": "green"}


def section(listed: Listed, at: datetime, today: date) -> dict[str, Any]:
    """All of one category on an establishment's page."""
    code = listed.qualification.category.code
    return {
        "name": listed.qualification.category.name,
        "state": state(listed.suspensions),
        "since": listed.qualification.qualified_at,
        "score": show_hundredths(listed.now.score.score) if listed.now else "",
        "head": SCORES_HEAD,
        "rows": score_rows(listed.now) if listed.now else [],
        "to_raise": list(how_to_raise(listed.now)) if listed.now else [],
        "history_head": HISTORY_HEAD,
        "history": history(listed.versions, at),
        "chart": chart(listed.versions, code) if len(listed.versions) > 1 else None,
        "review_due": listed.review_due,
        "reviews_head": REVIEWS_HEAD,
        "reviews": [
            [
                {
                    "text": show_date(london(each.proposed_at).date()),
                    "href": reverse("qualification:own_review", args=[each.pk]),
                },
                review_words.outcome_words(each)
                if each.decided_at
                else review_words.move_words(each.before_score, each.proposed_score),
                review_words.stage(each, today),
            ]
            for each in listed.reviews
        ],
    }


def score_rows(version: Version) -> list[list[str]]:
    """Each statement, and the score itself: rounded once, so the points may add up to 0.01 off."""
    rows = [
        [
            each.title,
            str(each.grade),
            show_hundredths(points(weight=each.weight, grade=each.grade)),
            show_hundredths(each.weight),
        ]
        for each in version.statements
    ]
    return [*rows, ["Score", "", show_hundredths(version.score.score), "100.00"]] if rows else []


def how_to_raise(version: Version) -> Iterator[dict[str, str]]:
    """What one grade more would bring, the most first."""
    room = [each for each in version.statements if each.grade < HIGHEST_GRADE]
    for each in sorted(room, key=lambda one: (-one.weight, one.title)):
        following = DESCRIPTORS[each.grade + 1]
        yield {
            "title": each.title,
            "more": show_hundredths(_one_grade_more(each)),
            "name": following.name.lower(),
            "meaning": following.meaning,
            "reason": each.reason,
        }


def _one_grade_more(each: Statement) -> int:
    return points(weight=each.weight, grade=each.grade + 1) - points(
        weight=each.weight, grade=each.grade
    )


def history(versions: Iterable[Version], at: datetime) -> list[list[str]]:
    """Every version, the newest first; one to come says so."""
    rows = []
    for each in versions:
        begins = show_date(london(each.score.from_moment).date())
        to_come = " (to come)" if each.score.from_moment > at else ""
        rows.append([f"{begins}{to_come}", show_hundredths(each.score.score), each.score.reason])
    return rows[::-1]


def chart(versions: Iterable[Version], key: str) -> Chart:
    """A bar for each version, the oldest first."""
    bars = tuple(
        Bar(
            show_date(london(each.score.from_moment).date()),
            (each.score.score,),
            show_hundredths(each.score.score),
        )
        for each in versions
    )
    return Chart(
        "How the score has changed",
        "Points of 100",
        bars,
        key=f"score-{key}",
        head="From",
        most=100_00,
    )


def expiring_row(what: str, last: date, today: date) -> list[Any]:
    if last < today:
        return [what, {"text": f"Ran out on {show_date(last)}", "colour": "red"}]
    return [what, f"After {show_date(last)}"]


def also(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """What higher apps know of the provider's bids: `sections(actor, at)` of each that has any."""
    found: list[dict[str, Any]] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.{MODULE}"
        try:
            exists = importlib.util.find_spec(name) is not None
        except ModuleNotFoundError:
            exists = False
        if exists:
            found += importlib.import_module(name).sections(actor, at)
    return found
