"""What the page of the region's awards says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from contracts.queries.regional_awards import Total
from dps.clock import london, show_date
from dps.govuk.charts import Bar, Chart
from dps.models import Authority
from dps.money import show

HEAD = (
    "Establishment",
    "Provider",
    "Council",
    "Category",
    "Approved on",
    "Agreement",
    {"text": "A year", "numeric": True},
)
TOTALS_HEAD = (
    "Name",
    {"text": "Awards", "numeric": True},
    {"text": "A year", "numeric": True},
)


def row(award: dict[str, Any], names: dict[int, str]) -> list[Any]:
    href = reverse("providers:establishment", args=[award["establishment_id"]])
    signed = award["signed_at"]
    return [
        {"text": award["establishment__name"], "href": href},
        award["provider__name"],
        names[award["authority_id"]],
        award["category__name"],
        show_date(london(award["decided_at"]).date()),
        f"Signed on {show_date(london(signed).date())}" if signed else "Not signed yet",
        show(award["annual_value_pence"], whole=True),
    ]


Sums = dict[str, tuple[int, int]]


def by_authority(totals: Iterable[Total], authorities: Iterable[Authority]) -> Sums:
    """Awards and pence a year of each council, the ones without an award too."""
    names = {one.pk: one.name for one in authorities}
    return _added(
        dict.fromkeys(names.values(), (0, 0)), totals, lambda each: names[each.authority_id]
    )


def by_category(totals: Iterable[Total]) -> Sums:
    return dict(sorted(_added({}, totals, lambda each: each.category).items()))


def _added(start: Sums, totals: Iterable[Total], name_of: Any) -> Sums:
    sums: Sums = defaultdict(lambda: (0, 0), start)
    for each in totals:
        count, pence = sums[name_of(each)]
        sums[name_of(each)] = (count + each.count, pence + each.value_pence)
    return dict(sums)


def total_rows(sums: Sums) -> list[list[str]]:
    rows = [[name, *_figures(count, pence)] for name, (count, pence) in sums.items()]
    count, pence = (sum(column) for column in zip(*sums.values(), strict=True)) if sums else (0, 0)
    return [*rows, ["All", *_figures(count, pence)]]


def _figures(count: int, pence: int) -> tuple[str, str]:
    return f"{count:,}", show(pence, whole=True)


def chart(sums: Sums, *, title: str, key: str) -> Chart:
    bars = tuple(Bar(name, (pence,), show(pence, whole=True)) for name, (_, pence) in sums.items())
    return Chart(title, "Value of one year", bars, key=key)
