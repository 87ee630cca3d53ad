"""What the public pages of published awards say."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from contracts.models import Publication, PublishedAward
from contracts.publication.quarters import Quarter
from contracts.publication.totals import Group, Totals
from dps.clock import london, show_date
from dps.govuk.charts import Bar, Chart
from dps.money import show

NUMERIC = {"numeric": True}
LIST_HEAD = ("Quarter", "Months", "Published on", {"text": "Awards", **NUMERIC})
AWARD_HEAD = (
    "Council",
    "Category",
    "Provider",
    "Establishment",
    "Signed in",
    {"text": "Value of one year", **NUMERIC},
)


def months(quarter: Quarter) -> str:
    """As "July to September 2026"."""
    return f"{quarter.first_day:%B} to {quarter.last_day:%B} {quarter.year}"


def list_row(publication: Publication) -> list[Any]:
    quarter = Quarter.parse(publication.quarter)
    return [
        {
            "text": quarter.label,
            "href": reverse("contracts:published_quarter", args=[quarter.slug]),
        },
        months(quarter),
        show_date(london(publication.published_at).date()),
        f"{publication.award_count:,}",
    ]


def award_row(award: PublishedAward) -> list[Any]:
    return [
        award.authority.name,
        award.category,
        award.provider,
        award.establishment,
        Quarter.parse(award.signed_quarter).label,
        show(award.annual_value_pence),
    ]


def totals_head(name: str) -> tuple[Any, ...]:
    return (name, {"text": "Awards", **NUMERIC}, {"text": "Value of one year", **NUMERIC})


def totals_rows(totals: Totals) -> list[list[str]]:
    return [_totals_row(group) for group in (*totals.groups, totals.all)]


def _totals_row(group: Group) -> list[str]:
    if group.count is None or group.pence is None:
        return [group.name, "Not shown", "Not shown"]
    return [group.name, f"{group.count:,}", show(group.pence, whole=True)]


def chart_of(totals: Totals, *, head: str) -> Chart | None:
    """The awards that may be shown, as bars; none if there are not two to compare."""
    bars = tuple(Bar(g.name, (g.count,)) for g in totals.groups if g.count is not None)
    if len(bars) < 2:
        return None
    title = f"Awards by {head.lower()}"
    return Chart(title, "Awards", bars, key=f"by-{head.lower()}", head=head)


def tables_of(*named: tuple[str, Totals]) -> list[dict[str, Any]]:
    """The totals as tables with charts; none where every total is too small to show."""
    return [
        {
            "caption": f"By {name.lower()}",
            "head": totals_head(name),
            "rows": totals_rows(totals),
            "chart": chart_of(totals, head=name),
        }
        for name, totals in named
        if not totals.all.is_hidden
    ]


def hidden_words(*tables: Totals) -> str:
    """Why totals are missing although each award is listed; empty if none is."""
    if not any(group.is_hidden for totals in tables for group in (*totals.groups, totals.all)):
        return ""
    if any(totals.all.is_hidden for totals in tables):
        missing = "There are fewer than five awards in this quarter, so it has no totals."
    else:
        missing = (
            "“Not shown” stands for a total of fewer than five awards, and for one from which"
            " such a total could be worked out."
        )
    return (
        f"{missing} We print no total of so few in any table, so that tables put side by side never"
        " single out a child. Each award is still listed below by itself, because councils must"
        " publish what they buy. It says what was bought, and nothing about the child."
    )
