"""Inspection rules in plain words, and what a new one would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from qualification.models import InspectionRule
from qualification.queries.inspection_rules import rule_of
from qualification.rule_effects import RuleEffect, Turned
from qualification.schemes import SCHEMES, in_words
from qualification.scoring import Scale

AREA_HEAD = (
    "Council area",
    {"text": "Newly fail", "numeric": True},
    {"text": "Newly pass", "numeric": True},
)
TURNED_HEAD = ("School or home", "Latest result", "Why")


def schemes(in_force: Mapping[Scale, InspectionRule]) -> list[dict[str, Any]]:
    """Every scheme with the rule in force, in words; one without a rule says so."""
    found = []
    for scale, scheme in SCHEMES.items():
        row = in_force.get(scale)
        found.append(
            {
                "scale": scale.value,
                "name": scheme.name,
                "inspects": scheme.inspects,
                "words": list(in_words(rule_of(row))) if row else [],
                "since": show_date(row.from_date) if row else "",
                "reason": row.reason if row else "",
            }
        )
    return found


def to_come(rows: Iterable[InspectionRule], today: date) -> list[dict[str, Any]]:
    """Rules that are decided and not in force yet."""
    return [
        {
            "name": SCHEMES[Scale(row.scale)].name,
            "from": show_date(row.from_date),
            "words": list(in_words(rule_of(row))),
            "reason": row.reason,
        }
        for row in rows
        if row.from_date > today
    ]


def effect_words(found: RuleEffect) -> dict[str, Any]:
    """The context of what a new rule would change."""
    return {
        "judged": found.judged,
        "fail_count": len(found.newly_fail),
        "pass_count": len(found.newly_pass),
        "area_head": AREA_HEAD,
        "areas": [list(map(str, row)) for row in found.by_area()],
        "turned_head": TURNED_HEAD,
        "newly_fail": _rows(found.newly_fail),
        "newly_pass": _rows(found.newly_pass),
    }


def _rows(turned: Iterable[Turned]) -> list[list[Any]]:
    rows = []
    for each in turned:
        href = reverse("providers:establishment", args=[each.held.establishment_id])
        day = show_date(each.held.result.inspected_on)
        place = {"text": each.held.name, "href": href}
        rows.append([place, f"{each.held.words}, {day}", "; ".join(each.failures)])
    return rows
