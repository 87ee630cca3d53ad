"""Markets with their changes and entry windows."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from dps.market_terms import Window
from dps.models import EntryWindow, Market, MarketChange


def windows_of(market_id: UUID) -> QuerySet[EntryWindow]:
    return EntryWindow.objects.filter(market_id=market_id).select_related("made_by")


def changes_of(market_id: UUID) -> QuerySet[MarketChange]:
    """The latest first."""
    return MarketChange.objects.filter(market_id=market_id).select_related("made_by")


def markets() -> QuerySet[Market]:
    return Market.objects.prefetch_related("categories", "windows")


def as_windows(rows: QuerySet[EntryWindow] | list[EntryWindow]) -> list[Window]:
    return [Window(row.opens_on, row.closes_on) for row in rows]
