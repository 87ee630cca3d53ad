"""The markets: their terms, what the law forbids, when they take applications, their history."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london, show_date
from dps.govuk.forms import GovForm
from dps.models import EntryWindow, Market
from dps.permissions import Action, may
from dps.queries.markets import changes_of, markets, windows_of
from dps.regimes import Act
from dps.services import markets as services
from dps.views.access import requires
from qualification.forms.markets import CeilingForm, PeriodForm, ReasonForm, WindowForm
from qualification.models import RuleSet
from qualification.presenters import markets as words
from qualification.views.attempt import DONE, attempt, posted

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(Action.VIEW_MARKET)
def market_list(request: Any) -> HttpResponse:
    """Every market with its categories, and where the rest of the set-up is."""
    today = london(request.received_at).date()
    found = [
        {
            "market": each,
            "regime": words.regime_of(each).name,
            "days": f"{show_date(each.starts_on)} to {show_date(each.ends_on)}",
            "is_over": each.ends_on < today,
            "categories": each.categories.all(),
        }
        for each in markets()
    ]
    context = {
        "markets": found,
        "may_answer": may(request.actor, Action.ANSWER_QUESTIONS),
        "may_follow": may(request.actor, Action.FOLLOW_TERMS),
    }
    return render(request, "qualification/market/markets.html", context)


@require_safe
@requires(Action.VIEW_MARKET)
def market(request: Any, market_code: str) -> HttpResponse:
    found = get_object_or_404(Market, code=market_code)
    today = london(request.received_at).date()
    may_change = may(request.actor, Action.SET_UP_MARKET) and found.ends_on >= today
    windows = list(windows_of(found.pk))
    versions = RuleSet.objects.filter(category__market=found, published_at__isnull=False)
    context = {
        "market": found,
        "terms": words.terms(found, may_change=may_change),
        "forbidden": words.forbidden(found),
        "window_head": words.WINDOW_HEAD,
        "windows": words.window_rows(windows, today, may_change=may_change),
        "closed": words.closed(found, windows),
        "categories": found.categories.all(),
        "history": words.history(
            changes_of(found.pk), windows, versions.select_related("category", "published_by")
        ),
        "may_change": may_change,
        "is_over": found.ends_on < today,
    }
    return render(request, "qualification/market/market.html", context)


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def extend(request: Any, market_code: str) -> HttpResponse:
    found = get_object_or_404(Market, code=market_code)
    form = PeriodForm(posted(request))
    return _change(request, found, form, _on_day(request, found, form, services.extend_market))


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def shorten(request: Any, market_code: str) -> HttpResponse:
    found = get_object_or_404(Market, code=market_code)
    form = PeriodForm(posted(request))
    return _change(request, found, form, _on_day(request, found, form, services.shorten_market))


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def end(request: Any, market_code: str) -> HttpResponse:
    found = get_object_or_404(Market, code=market_code)
    form = ReasonForm(posted(request))

    def act() -> object:
        return services.end_market(
            market_id=found.pk,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=request.received_at,
        )

    return _change(request, found, form, act)


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def ceiling(request: Any, market_code: str) -> HttpResponse:
    found = get_object_or_404(Market, code=market_code)
    form = CeilingForm(posted(request), initial={"ceiling": found.ceiling_pence})

    def act() -> object:
        return services.change_ceiling(
            market_id=found.pk,
            ceiling_pence=form.cleaned_data["ceiling"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=request.received_at,
        )

    return _change(request, found, form, act)


def _on_day(
    request: Any, found: Market, form: PeriodForm, service: Callable[..., object]
) -> Callable[[], object]:
    def act() -> object:
        return service(
            market_id=found.pk, actor=request.actor, now=request.received_at, **form.cleaned_data
        )

    return act


PAGES = {
    "extend": ("Extend the market", "It lasts longer, within what its notice says."),
    "shorten": ("Shorten the market", "It ends sooner, on a day to come."),
    "end": ("End the market today", "From tomorrow nobody joins and no referral is issued."),
    "ceiling": ("Change the value ceiling", "Of everything that is bought through it."),
}


def _change(request: Any, found: Market, form: GovForm, act: Callable[[], object]) -> HttpResponse:
    """One page for every change of a market's terms."""
    what = request.resolver_match.url_name.removeprefix("change_")
    title, lead = PAGES[what]
    status = attempt(request, form, f"market.{what}", act)
    if status == DONE:
        messages.success(request, "The market is changed. Its history says which notice it owes.")
        return redirect("qualification:market", market_code=found.code)
    regime = words.regime_of(found)
    notice = regime.notice_of_end if what == "end" else regime.notice_of_change
    context = {
        "market": found,
        "form": form,
        "title": title,
        "lead": lead,
        "notice": notice,
        "terms": words.terms(found, may_change=False),
        "is_ending": what == "end",
    }
    return render(request, "qualification/market/change.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def new_window(request: Any, market_code: str) -> HttpResponse:
    found = get_object_or_404(Market, code=market_code)
    form = WindowForm(posted(request))
    save = partial(services.open_window, market_id=found.pk)
    return _window(request, found, form, save)


@require_http_methods(FORM_METHODS)
@requires(Action.SET_UP_MARKET)
def window(request: Any, window_id: UUID) -> HttpResponse:
    row = get_object_or_404(EntryWindow.objects.select_related("market"), pk=window_id)
    form = WindowForm(posted(request), initial=WindowForm.from_row(row))
    save = partial(services.change_window, window_id=row.pk)
    return _window(request, row.market, form, save, row=row)


def _window(
    request: Any,
    found: Market,
    form: WindowForm,
    save: Callable[..., object],
    row: EntryWindow | None = None,
) -> HttpResponse:
    status = attempt(
        request,
        form,
        "window",
        lambda: save(new=form.new, actor=request.actor, now=request.received_at),
    )
    if status == DONE:
        messages.success(request, "The dates are saved. The public page shows them from now on.")
        return redirect("qualification:market", market_code=found.code)
    context = {
        "market": found,
        "form": form,
        "is_new": row is None,
        "forbidden": words.regime_of(found).forbidden.get(Act.CLOSE_ENTRY, ""),
        "windows": [words.days_of(each) for each in windows_of(found.pk)],
    }
    return render(request, "qualification/market/window.html", context, status=status)
