"""Caps in words, and whom one would leave out: a table and the same as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from contracts.queries.cap_effects import CapEffect
from dps import money
from dps.clock import show_date
from dps.govuk.charts import Bar, Chart
from qualification.caps import Costing
from qualification.models import Cap

HEAD = (
    "Category",
    "For",
    {"text": "A year, for one child", "numeric": True},
    "In force",
    "Why",
    "Change",
)
COUNCIL_HEAD = (
    "Council",
    {"text": "Left out in its area", "numeric": True},
    {"text": "Of all left out, with its placements", "numeric": True},
    {"text": "Children placed there", "numeric": True},
)
PLACE_HEAD = (
    "School or home",
    "Council area",
    {"text": "Core costs a year", "numeric": True},
    {"text": "Above the cap by", "numeric": True},
    {"text": "Children placed there", "numeric": True},
)
PLACE_HEAD_OF_COUNCIL = (*PLACE_HEAD[:2], PLACE_HEAD[-1])
"""A council learns who is above a cap, and not what anybody costs."""
MOST_BARS = 30


def cap_rows(caps: Iterable[Cap], today: date, changeable: set[int | None]) -> list[list[Any]]:
    """`changeable` are the councils, None for all of them, whose caps the reader may lift."""
    rows = []
    for each in caps:
        href = reverse("contracts:lift_cap", args=[each.pk])
        can = each.authority_id in changeable and each.until_date is None
        rows.append(
            [
                each.category.name,
                each.authority.name if each.authority else "All councils",
                money.show(each.year_pence, whole=True),
                _in_force(each, today),
                each.reason,
                {"text": "End it", "href": href} if can else "",
            ]
        )
    return rows


def _in_force(cap: Cap, today: date) -> str:
    start = show_date(cap.from_date)
    if cap.until_date:
        return f"{start} until {show_date(cap.until_date)}"
    return f"Since {start}" if cap.from_date <= today else f"Starts on {start}"


def effect_words(effect: CapEffect) -> dict[str, Any]:
    """The context of what adopting a cap would do."""
    return {
        "cap": money.show(effect.cap_pence, whole=True),
        "total": effect.sifted.total,
        "left_out": len(effect.left_out),
        "holding": effect.holding,
        "placed": effect.placement_count,
        "council_head": COUNCIL_HEAD,
        "councils": [
            [each.name, str(each.left_out), str(each.holding), str(each.placements)]
            for each in effect.councils
        ],
        "place_head": PLACE_HEAD if _is_costed(effect) else PLACE_HEAD_OF_COUNCIL,
        "places": [_place(each, effect) for each in effect.left_out],
        "chart": _chart(effect),
        "fingerprint": effect.fingerprint,
    }


def _place(each: Costing, effect: CapEffect) -> list[Any]:
    return [
        {
            "text": each.name,
            "href": reverse("providers:establishment", args=[each.establishment_id]),
        },
        each.area,
        *_costs(each, effect.cap_pence),
        str(effect.placements.get(each.establishment_id, 0)),
    ]


def _costs(each: Costing, cap_pence: int) -> list[str]:
    if each.year_pence is None:
        return []
    above = each.year_pence - cap_pence
    return [money.show(each.year_pence, whole=True), money.show(above, whole=True)]


def _is_costed(effect: CapEffect) -> bool:
    return all(each.year_pence is not None for each in effect.left_out)


def _bar(name: str, year_pence: int, cap_pence: int) -> Bar:
    parts = (min(year_pence, cap_pence) // 100, max(0, year_pence - cap_pence) // 100)
    return Bar(name, parts, money.show(year_pence, whole=True))


def _chart(effect: CapEffect) -> Chart | None:
    """The dearest of all on the list, each bar parted at the cap; whole pounds."""
    dearest = (*effect.left_out, *effect.sifted.within)[:MOST_BARS]
    bars = tuple(
        _bar(each.name, each.year_pence, effect.cap_pence)
        for each in dearest
        if each.year_pence is not None
    )
    if not bars:
        return None
    more = effect.sifted.total - len(dearest)
    title = f"The {len(dearest)} dearest" if more else "Everybody on the list"
    return Chart(
        f"{title}, against a cap of {money.show(effect.cap_pence, whole=True)}",
        "Core costs in pounds a year",
        bars,
        ("Up to the cap", "Above the cap"),
        key="cap",
        head="School or home",
    )
