"""A market's period, ceiling and entry windows: changed with a reason, as its regime allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit, money
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.market_terms import (
    Period,
    Window,
    WrongDate,
    months_of_extension,
    refuse_unless_entry_may_close,
    refuse_unless_possible,
)
from dps.models import EntryWindow, Market, MarketChange
from dps.permissions import Action, require
from dps.queries.markets import as_windows, windows_of
from dps.refusals import NotUnderstood, Refusal
from dps.regimes import REGIMES, Notice, Regime, RegimeKey, refuse_unless_in_time

MOST_CEILING_PENCE = 99_999_999_999_00


class NeedsReason(NotUnderstood):
    message = "Enter the reason"
    field = "reason"


class MarketHasEnded(Refusal):
    message = "This market has ended. Nothing of it can be changed any more"


class SameCeiling(Refusal):
    message = "This is the ceiling that the market has already"
    field = "ceiling"


class WindowIsOver(Refusal):
    message = "This window has closed already. Open a new one instead"


class WrongWindow(NotUnderstood):
    message = "These dates do not fit together"
    field = "closes_on"


@transaction.atomic
def extend_market(
    *, market_id: UUID, ends_on: date, reason: str, actor: Actor, now: datetime
) -> MarketChange:
    """Let a market last longer, within what its notice says of extensions (BC 5.6).

    :raises NotPermitted, MarketHasEnded, NeedsReason: not allowed, too late, or no reason.
    :raises WrongDate, LongerThanPublished: not later, or later than was published.
    :raises NotUnderThisRegime: the regime's own last day is before it.
    """
    market = _market(market_id, reason, actor, now)
    regime = regime_of(market)
    used = months_of_extension(market.ends_on, ends_on, left=market.extension_months)
    refuse_unless_in_time(regime, established=market.starts_on, ends=ends_on)
    before = market.ends_on
    market.ends_on = ends_on
    market.extension_months -= used
    market.save(update_fields=["ends_on", "extension_months"])
    change = _change(
        market, MarketChange.Kind.EXTENDED, (show_date(before), show_date(ends_on)), reason
    )
    return _recorded(change, regime.notice_of_change, actor, now)


@transaction.atomic
def shorten_market(
    *, market_id: UUID, ends_on: date, reason: str, actor: Actor, now: datetime
) -> MarketChange:
    """Let a market end sooner, on a day to come; its last windows close with it (BC 5.6).

    :raises NotPermitted, MarketHasEnded, NeedsReason: not allowed, too late, or no reason.
    :raises WrongDate: the day is not between tomorrow and the day on which it ends now.
    """
    market = _market(market_id, reason, actor, now)
    today = london(now).date()
    if not today < ends_on < market.ends_on:
        raise WrongDate(f"Enter a day after today and before {show_date(market.ends_on)}")
    before = _end_on(market, ends_on)
    change = _change(
        market, MarketChange.Kind.SHORTENED, (show_date(before), show_date(ends_on)), reason
    )
    return _recorded(change, regime_of(market).notice_of_change, actor, now)


@transaction.atomic
def end_market(*, market_id: UUID, reason: str, actor: Actor, now: datetime) -> MarketChange:
    """End a market today: from tomorrow nobody joins and no referral is issued (BC 5.6).

    :raises NotPermitted, MarketHasEnded, NeedsReason: not allowed, too late, or no reason.
    :raises WrongDate: it starts only today or later.
    """
    market = _market(market_id, reason, actor, now)
    today = london(now).date()
    if not market.starts_on < today < market.ends_on:
        raise WrongDate("A market ends at the earliest on the day after its first, by itself")
    before = _end_on(market, today)
    change = _change(market, MarketChange.Kind.ENDED, (show_date(before), show_date(today)), reason)
    return _recorded(change, regime_of(market).notice_of_end, actor, now)


@transaction.atomic
def change_ceiling(
    *, market_id: UUID, ceiling_pence: int | None, reason: str, actor: Actor, now: datetime
) -> MarketChange:
    """Change the value advertised of all that is bought through a market, in pence (BC 5.6).

    :raises NotPermitted, MarketHasEnded, NeedsReason: not allowed, too late, or no reason.
    :raises SameCeiling: nothing would change.
    :raises NotUnderstood: the ceiling is not above nothing, or beyond bounds.
    """
    market = _market(market_id, reason, actor, now)
    if ceiling_pence == market.ceiling_pence:
        raise SameCeiling
    if ceiling_pence is not None and not 0 < ceiling_pence <= MOST_CEILING_PENCE:
        raise NotUnderstood("Enter another value", field="ceiling")
    words = (_ceiling_words(market.ceiling_pence), _ceiling_words(ceiling_pence))
    market.ceiling_pence = ceiling_pence
    market.save(update_fields=["ceiling_pence"])
    change = _change(market, MarketChange.Kind.CEILING, words, reason)
    return _recorded(change, regime_of(market).notice_of_change, actor, now)


@dataclass(frozen=True, slots=True)
class NewWindow:
    """When applications are taken; questions may be asked until a day of their own."""

    opens_on: date
    closes_on: date | None = None
    questions_until: date | None = None
    note: str = ""


@transaction.atomic
def open_window(*, market_id: UUID, new: NewWindow, actor: Actor, now: datetime) -> EntryWindow:
    """Take applications on these days (BC 5.6, 7.20).

    :raises NotPermitted, MarketHasEnded: not allowed, or too late.
    :raises WrongWindow, WindowsOverlap, OutsideMarket: the dates do not fit.
    :raises ForbiddenByRegime: it would leave days on which the regime lets anybody apply.
    """
    market = _market(market_id, "", actor, now, needs_reason=False)
    _refuse_wrong_dates(new)
    before = as_windows(windows_of(market_id))
    # Without windows it is open all the time, so that the first one may close days.
    was = before or [Window(market.starts_on)]
    _refuse_wrong_windows(market, was, [*before, Window(new.opens_on, new.closes_on)])
    window = EntryWindow.objects.create(
        market=market,
        opens_on=new.opens_on,
        closes_on=new.closes_on,
        questions_until=new.questions_until,
        note=new.note,
        made_by_id=actor.person_id,
        made_at=now,
    )
    audit.record(Act("window.opened", window, _window_facts(market, new)), actor=actor, at=now)
    return window


@transaction.atomic
def change_window(*, window_id: UUID, new: NewWindow, actor: Actor, now: datetime) -> EntryWindow:
    """Change the dates of a window that has not closed yet; closing it early is one of these.

    :raises NotPermitted, MarketHasEnded, WindowIsOver: not allowed, or too late.
    :raises WrongWindow, WindowsOverlap, OutsideMarket: the dates do not fit.
    :raises ForbiddenByRegime: it would close days on which the regime lets anybody apply.
    """
    market_id = EntryWindow.objects.values_list("market_id", flat=True).get(pk=window_id)
    market = _market(market_id, "", actor, now, needs_reason=False)
    window = EntryWindow.objects.get(pk=window_id)
    today = london(now).date()
    if window.closes_on and window.closes_on < today:
        raise WindowIsOver
    _refuse_wrong_dates(new)
    if window.opens_on <= today and new.opens_on != window.opens_on:
        raise WrongWindow("The window is open already: its first day stays", field="opens_on")
    others = windows_of(market_id).exclude(pk=window_id)
    before = as_windows(windows_of(market_id))
    after = [*as_windows(others), Window(new.opens_on, new.closes_on)]
    _refuse_wrong_windows(market, before, after)
    window.opens_on = new.opens_on
    window.closes_on = new.closes_on
    window.questions_until = new.questions_until
    window.note = new.note
    window.save(update_fields=["opens_on", "closes_on", "questions_until", "note"])
    audit.record(Act("window.changed", window, _window_facts(market, new)), actor=actor, at=now)
    return window


def regime_of(market: Market) -> Regime:
    return REGIMES[RegimeKey(market.regime)]


def _market(
    market_id: UUID, reason: str, actor: Actor, now: datetime, *, needs_reason: bool = True
) -> Market:
    """The market, locked, if it may be changed at all."""
    require(actor, Action.SET_UP_MARKET)
    market = Market.objects.select_for_update().get(pk=market_id)
    if market.ends_on < london(now).date():
        raise MarketHasEnded
    if needs_reason and not reason.strip():
        raise NeedsReason
    return market


def _ceiling_words(pence: int | None) -> str:
    return "None" if pence is None else money.show(pence, whole=True)


def _end_on(market: Market, day: date) -> date:
    """Windows beyond the day go with it; returns the day before the change."""
    before = market.ends_on
    market.ends_on = day
    market.save(update_fields=["ends_on"])
    EntryWindow.objects.filter(market=market, opens_on__gt=day).delete()
    EntryWindow.objects.filter(market=market, closes_on__gt=day).update(closes_on=day)
    EntryWindow.objects.filter(market=market, questions_until__gt=day).update(questions_until=day)
    return before


def _change(
    market: Market, kind: MarketChange.Kind, words: tuple[str, str], reason: str
) -> MarketChange:
    before, after = words
    return MarketChange(market=market, kind=kind, before=before, after=after, reason=reason)


def _recorded(
    change: MarketChange, notice: Notice | None, actor: Actor, now: datetime
) -> MarketChange:
    change.notice = notice.words if notice else ""
    change.made_by_id = actor.person_id
    change.made_at = now
    change.save()
    facts = {
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "notice": change.notice,
    }
    audit.record(Act(f"market.{change.kind}", change.market, facts), actor=actor, at=now)
    return change


def _refuse_wrong_dates(new: NewWindow) -> None:
    if new.closes_on and new.closes_on < new.opens_on:
        raise WrongWindow("The last day must not be before the first")
    if new.questions_until and (new.opens_on - new.questions_until).days > 366:
        raise WrongWindow("Enter a later day", field="questions_until")
    if new.questions_until and new.closes_on and new.questions_until > new.closes_on:
        raise WrongWindow(
            "Questions must end on the last day for applications or before",
            field="questions_until",
        )


def _refuse_wrong_windows(market: Market, before: list[Window], after: list[Window]) -> None:
    period = Period(market.starts_on, market.ends_on)
    refuse_unless_possible(after, period)
    refuse_unless_entry_may_close(regime_of(market), before, after, period)


def _window_facts(market: Market, new: NewWindow) -> dict[str, object]:
    return {
        "market": market.code,
        "opens": str(new.opens_on),
        "closes": str(new.closes_on or ""),
        "questions_until": str(new.questions_until or ""),
    }
