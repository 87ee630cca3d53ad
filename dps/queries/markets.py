"""Markets with their changes and entry windows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from dps.market_terms import Window
from dps.models import EntryWindow, Market, MarketChange


def window_open(market_id: UUID, day: date) -> EntryWindow | None:
    """The window in which applications are taken on a day; its last day counts (BC 7.20)."""
    lasts = Q(closes_on__isnull=True) | Q(closes_on__gte=day)
    found = EntryWindow.objects.filter(lasts, market_id=market_id, opens_on__lte=day)
    return found.order_by("-opens_on").first()


def windows_of(market_id: UUID) -> QuerySet[EntryWindow]:
    return EntryWindow.objects.filter(market_id=market_id).select_related("made_by")


def changes_of(market_id: UUID) -> QuerySet[MarketChange]:
    """The latest first."""
    return MarketChange.objects.filter(market_id=market_id).select_related("made_by")


def markets() -> QuerySet[Market]:
    return Market.objects.prefetch_related("categories", "windows")


def as_windows(rows: QuerySet[EntryWindow] | list[EntryWindow]) -> list[Window]:
    return [Window(row.opens_on, row.closes_on) for row in rows]
