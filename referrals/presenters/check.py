"""A referral in summary cards: before it goes out, and for those who read it afterwards."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from dps.clock import show_date, show_instant
from dps.hundredths import show_hundredths
from referrals.completeness import Task
from referrals.forms.lists import COMPONENTS
from referrals.models import Referral
from referrals.models.referral import WEIGHTS
from referrals.presenters.tasks import Draft
from referrals.queries.referrals import Asked, Item

WEIGHT_NAMES = {
    "price": "Price",
    "outcomes": "Outcomes",
    "needs": "Needs",
    "features": "Features",
    "location": "Location",
    "core_competency": "Core competency",
    "incentive": "Early step-down",
}
Card = dict[str, Any]


def check_cards(draft: Draft) -> list[Card]:
    """What was answered, each card with its way back. The child's name is not shown."""
    referral = draft.referral
    has_identity = "Entered, and kept apart" if Task.FAMILY not in draft.problems else ""
    cards = [
        (Task.CHILD, "Child’s profile", child_rows(referral)),
        (Task.FAMILY, "Child’s name and home", [_row("Name and postcode", has_identity)]),
        (Task.NEEDS, "Needs", [_row("Needs", item_words(draft.lists.needs))]),
        (Task.FEATURES, "Features", [_row("Features", item_words(draft.lists.features))]),
        (Task.OUTCOMES, "Outcomes", [_row("Outcomes", item_words(draft.lists.outcomes))]),
        (Task.PLACEMENT, "Start and length", placement_rows(referral)),
        (Task.WEIGHTS, "Weights", weight_rows(referral)),
        (Task.LIMIT, "Distance or areas", [_row("Inside", limit_words(referral))]),
        (Task.DEADLINE, "Deadline for bids", deadline_rows(referral)),
    ]
    return [
        {
            "title": title,
            "rows": rows,
            "href": reverse(f"referrals:task_{task.value}", args=[referral.pk]),
        }
        for task, title, rows in cards
    ]


def child_rows(referral: Referral) -> list[Card]:
    return [
        _row("Age", "" if referral.age is None else str(referral.age)),
        _row("Profile", referral.profile),
        _row("What the child says and wishes", referral.wishes),
    ]


def placement_rows(referral: Referral) -> list[Card]:
    return [
        _row("Start date", show_date(referral.starts_on) if referral.starts_on else ""),
        _row("Weeks a year", str(referral.weeks_per_year or "")),
        _row("How long", referral.duration),
    ]


def weight_rows(referral: Referral) -> list[Card]:
    return [_row(WEIGHT_NAMES[name], weight_words(referral, name)) for name in WEIGHTS]


def weight_words(referral: Referral, name: str) -> str:
    number = show_hundredths(getattr(referral, f"weight_{name}"))
    return f"{number.removesuffix('.00')}%"


def deadline_rows(referral: Referral) -> list[Card]:
    closes = show_instant(referral.bids_close_at) if referral.bids_close_at else ""
    rows = [_row("Bids close", closes)]
    if referral.shorter_time_agreed:
        rows.append(_row("Fewer days", "Everybody who will be invited has agreed"))
    return rows


def limit_words(referral: Referral) -> list[str]:
    """The limit as lines: an establishment inside either is in."""
    words = []
    if referral.limit_miles is not None:
        words.append(f"{referral.limit_miles} miles of home")
    return [*words, *referral.limit_areas]


def item_words(items: tuple[Item, ...]) -> list[str]:
    return [f"{item.text} ({_marks(item)})" for item in items]


def asked_tables(lists: Asked) -> list[Card]:
    """Needs, features and outcomes as a table each; an empty list has none."""
    marks = {"text": "Marks", "numeric": True}
    needs = [[item.text, item.marks] for item in lists.needs]
    features = [[item.text, feature_kind(item), item.marks] for item in lists.features]
    outcomes = [[item.text, component_words(item), item.marks] for item in lists.outcomes]
    tables = [
        {"caption": "Needs", "head": ["Need", marks], "rows": needs},
        {"caption": "Features", "head": ["Feature", "Kind", marks], "rows": features},
        {"caption": "Outcomes", "head": ["Outcome", "Component", marks], "rows": outcomes},
    ]
    return [table for table in tables if table["rows"]]


def component_words(item: Item) -> str:
    return dict(COMPONENTS).get(item.component, item.component) if item.component else ""


def feature_kind(item: Item) -> str:
    if item.is_essential:
        return "Essential: without it a bid is left out"
    return "Must have" if item.kind == "must_have" else "Desirable"


def _marks(item: Item) -> str:
    marks = "1 mark" if item.marks == 1 else f"{item.marks} marks"
    return f"{marks}, essential" if item.is_essential else marks


def _row(key: str, value: object) -> Card:
    return {"key": key, "value": value}
