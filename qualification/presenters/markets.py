"""Markets in words: their terms, their windows, and what has happened to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from django.urls import reverse

from dps import money
from dps.clock import show_date
from dps.market_terms import Period, Window, closed_days
from dps.models import EntryWindow, Market, MarketChange
from dps.regimes import REGIMES, Act, Regime, RegimeKey
from qualification.models import RuleSet

WINDOW_HEAD = ("Applications", "Questions until", "Note", "Change")
FORBIDDEN_WORDS = {
    Act.CLOSE_ENTRY: "Closing entry",
    Act.CAP_MEMBERS: "Limiting the number of members",
    Act.CHANGE_ENTRY_CONDITIONS: "Changing what decides who joins",
    Act.CHARGE_PROVIDERS: "Charging providers",
    Act.RESCORE_MEMBERS: "Scoring members again",
    Act.RUN_EMERGENCY_REFERRAL: "Emergency referrals",
    Act.MAKE_DIRECT_AWARD: "Direct awards",
    Act.CALL_OFF_WITHOUT_TENDER_NOTICE: "Referrals without a tender notice",
    Act.RUN_MINI_COMPETITION: "Competing for a place",
    Act.PUBLISH_AWARDS_BY_QUARTER: "Publishing awards by quarter",
}


def regime_of(market: Market) -> Regime:
    return REGIMES[RegimeKey(market.regime)]


def terms(market: Market, *, may_change: bool) -> list[dict[str, Any]]:
    """Rows of a summary list; each with the page that changes it, for those who may."""
    left = market.extension_months
    rows = [
        {"key": "Legal regime", "value": regime_of(market).name},
        {"key": "First day", "value": show_date(market.starts_on)},
        {"key": "Last day", "value": show_date(market.ends_on)},
        {
            "key": "May be extended by",
            "value": f"{left} month{'' if left == 1 else 's'}" if left else "Nothing more",
        },
        {"key": "Value ceiling", "value": ceiling(market)},
    ]
    if may_change:
        rows[4] |= {
            "action": "Change",
            "href": reverse("qualification:change_ceiling", args=[market.code]),
            "hidden": "the value ceiling",
        }
    return rows


def ceiling(market: Market) -> str:
    if market.ceiling_pence is None:
        return "None"
    return money.show(market.ceiling_pence, whole=True)


def forbidden(market: Market) -> list[dict[str, str]]:
    """What the regime forbids, each with its reason."""
    return [
        {"key": FORBIDDEN_WORDS[act], "value": why}
        for act, why in regime_of(market).forbidden.items()
    ]


def window_rows(
    windows: Iterable[EntryWindow], today: date, *, may_change: bool
) -> list[list[Any]]:
    rows = []
    for window in windows:
        is_over = window.closes_on is not None and window.closes_on < today
        href = reverse("qualification:window", args=[window.pk])
        change = {"text": "Change", "href": href} if may_change and not is_over else ""
        until = show_date(window.questions_until) if window.questions_until else "No last day"
        rows.append([days_of(window), until, window.note, change])
    return rows


def days_of(window: EntryWindow) -> str:
    start = f"From {show_date(window.opens_on)}"
    return f"{start} to {show_date(window.closes_on)}" if window.closes_on else f"{start} on"


def closed(market: Market, windows: Iterable[EntryWindow]) -> list[str]:
    """Stretches of the market's period in which nobody can apply."""
    known = [Window(each.opens_on, each.closes_on) for each in windows]
    gaps = closed_days(known, Period(market.starts_on, market.ends_on))
    return [
        f"{show_date(gap.opens_on)} to {show_date(gap.closes_on or market.ends_on)}" for gap in gaps
    ]


def history(
    changes: Iterable[MarketChange], windows: Iterable[EntryWindow], versions: Iterable[RuleSet]
) -> list[dict[str, Any]]:
    """What has happened to a market, the latest first."""
    events = [*map(_changed, changes), *map(_opened, windows), *map(_published, versions)]
    return sorted(events, key=lambda each: each["at"], reverse=True)


def _changed(change: MarketChange) -> dict[str, Any]:
    text = f"From {change.before} to {change.after}. {change.reason}"
    return {
        "title": change.get_kind_display(),
        "by": change.made_by.name if change.made_by else "",
        "at": change.made_at,
        "text": f"{text} Publish: {change.notice}." if change.notice else text,
        "tag": "Notice owed" if change.notice else "",
        "colour": "yellow",
    }


def _opened(window: EntryWindow) -> dict[str, Any]:
    return {
        "title": "Entry window set",
        "by": window.made_by.name if window.made_by else "",
        "at": window.made_at,
        "text": f"Applications: {days_of(window)}.",
    }


def _published(version: RuleSet) -> dict[str, Any]:
    by = version.published_by
    starts = show_date(version.from_date) if version.from_date else ""
    return {
        "title": f"Rules of {version.category.name}, version {version.number}",
        "by": by.name if by else "",
        "at": version.published_at or datetime.combine(date.min, time(), UTC),
        "text": f"In force from {starts}. {version.change}",
    }
