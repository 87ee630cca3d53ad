"""Core costs in words: their schedules, what moves them, and what caps do to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BoundField

from dps.govuk.charts import Bar, Chart
from dps.money import show
from qualification.caps import CapOf, verdicts
from qualification.core_costs import CostEntry, Totals, Way, shares, ways
from qualification.discounts import WORDS, Step, percent_words
from qualification.forms.costs import CoreCostsForm
from qualification.models import Application
from qualification.models.rules import CostDriver, ResidentialStay
from qualification.presenters.applying import totals_words
from qualification.queries.applications import Costs
from qualification.queries.caps import caps_on
from qualification.states import WORDS as STATES
from qualification.states import ApplicationState

DISCOUNT_HEAD = ("For", "From", {"text": "Off each place", "numeric": True})


@dataclass(frozen=True)
class Schedule:
    """The lines under one heading."""

    title: str
    is_optional: bool
    is_stay: bool
    """A residential schedule, of which a place costs one."""
    rows: tuple[tuple[BoundField, BoundField, BoundField], ...]


def schedules(form: CoreCostsForm) -> list[Schedule]:
    """The lines of the form by their headings, in their order."""
    found: dict[str, list[Any]] = {}
    optional: dict[str, bool] = {}
    stays: set[str] = set()
    for costed, *fields in form.rows():
        title = costed.head.schedule
        found.setdefault(title, []).append(tuple(fields))
        optional[title] = optional.get(title, True) and costed.head.is_optional
        if costed.head.stay:
            stays.add(title)
    return [
        Schedule(title, optional[title], title in stays, tuple(rows))
        for title, rows in found.items()
    ]


def worked_out(
    application: Application, entries: Sequence[CostEntry], totals: Totals, today: date
) -> dict[str, Any]:
    """Totals, what moves them, and what the caps do, of what is typed so far."""
    found = ways(entries, weeks=totals.weeks)
    caps = caps_on(application.category_id, today) if totals.year_pence else []
    effects = verdicts(totals.year_pence, caps)
    fails = [each.words for each in effects if each.fails]
    # Whoever cannot join need not read who could invite it.
    others = [] if fails else [each for each in effects if not each.fails]
    return {
        "totals": totals_words(totals),
        "ways": [_way(each, caps) for each in found if each.stay],
        "chart": drivers_chart(found[0].entries, totals.weeks),
        "fails": fails,
        "not_invited": [each.words for each in others if not each.verdict.passed],
        "within": [each.words for each in others if each.verdict.passed],
    }


def _way(one: Way, caps: Iterable[CapOf]) -> dict[str, Any]:
    """What a place of one residential schedule costs, and the caps that it alone is above."""
    effects = verdicts(one.totals.year_pence, caps)
    return totals_words(one.totals) | {
        "name": ResidentialStay(one.stay or "").label,
        "above": [each.words for each in effects if not each.verdict.passed],
    }


def drivers_chart(entries: Iterable[CostEntry], weeks: int) -> Chart | None:
    """Each driver's part of a year; None where nothing costs anything yet."""
    bars = tuple(
        Bar(
            CostDriver(each.driver.value).label,
            (each.year_pence // 100,),
            f"{show(each.year_pence, whole=True)} ({percent_words(each.part)})",
        )
        for each in shares(entries, weeks=weeks)
    )
    if not bars:
        return None
    return Chart(
        "What moves your core costs", "Pounds a year", bars, key="drivers", head="What moves it"
    )


def copy_choices(others: Iterable[Costs]) -> list[tuple[str, str]]:
    """The establishments whose costs can be taken, with what they come to."""
    return [(str(each.application.pk), _source(each)) for each in others]


def _source(each: Costs) -> str:
    state = STATES[ApplicationState(each.application.state)].lower()
    year = show(each.totals.year_pence)
    return f"{each.application.establishment.name}, {year} a year ({state})"


def discount_rows(steps: Iterable[Step]) -> list[list[str]]:
    return [
        [
            WORDS[each.kind],
            f"{each.from_children} children",
            percent_words(each.percent),
        ]
        for each in steps
    ]
