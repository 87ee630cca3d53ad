"""How to join, in the words of the public page: which categories, when, and within which caps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from dps import money
from dps.clock import show_date
from dps.models import EntryWindow, Market
from qualification.models import Cap, RuleSet
from qualification.presenters.markets import days_of

CAP_HEAD = ("Cap of", {"text": "A year, for one child", "numeric": True}, "From")


def market_words(market: Market, today: date, published: set[UUID]) -> dict[str, Any]:
    """One market: until when it lasts, its windows from now on, its categories with rules."""
    windows = [each for each in market.windows.all() if not _is_over(each, today)]
    return {
        "name": market.name,
        "until": show_date(market.ends_on),
        "starts": show_date(market.starts_on) if market.starts_on > today else "",
        "is_open_always": not market.windows.all(),
        "windows": [_window(each, today) for each in windows],
        "categories": [each for each in market.categories.all() if each.pk in published],
    }


def _is_over(window: EntryWindow, today: date) -> bool:
    return window.closes_on is not None and window.closes_on < today


def _window(window: EntryWindow, today: date) -> dict[str, Any]:
    until = window.questions_until
    is_open = window.opens_on <= today
    return {
        "days": days_of(window),
        "tag": "Open now" if is_open else "Opens later",
        "colour": "green" if is_open else "blue",
        "questions": f"Ask questions until {show_date(until)}." if until else "",
        "note": f"{window.note.rstrip('.')}." if window.note else "",
    }


def cap_rows(caps: Iterable[Cap]) -> list[list[Any]]:
    return [
        [
            each.authority.name if each.authority else "All councils",
            money.show(each.year_pence, whole=True),
            show_date(each.from_date),
        ]
        for each in caps
    ]


def version_words(version: RuleSet, upcoming: RuleSet | None) -> dict[str, Any]:
    """Which version is read, and which one comes next."""
    return {
        "number": version.number,
        "since": show_date(version.from_date) if version.from_date else "",
        "next": {
            "number": upcoming.number,
            "from": show_date(upcoming.from_date) if upcoming.from_date else "",
            "change": upcoming.change,
            "href": reverse("qualification:criteria", args=[upcoming.category.code]) + "?next=1",
        }
        if upcoming
        else None,
    }
