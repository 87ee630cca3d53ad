"""Plausible prices for the demo: core cost lines by kind and size, and lines for one child."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dps.money import Basis, annual

_ROUND_TO = 5_00
"""Pence. Prices are whole multiples of £5: people do not quote odd pence."""


class Setting(StrEnum):
    """What is priced; a residential school is open in terms or all year."""

    DAY = "day"
    RESIDENTIAL_TERMS = "residential_terms"
    RESIDENTIAL_ALL_YEAR = "residential_all_year"
    FOSTER_CARE = "foster_care"
    RESIDENTIAL_CARE = "residential_care"
    ALTERNATIVE_EDUCATION = "alternative_education"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a cost schedule, in pence per week, month or year."""

    head: str
    label: str
    basis: Basis
    pence: int


SEN_HEADS = (
    ("assessment", "Assessment of suitability", 3),
    ("premises", "Premises", 13),
    ("vehicles", "Vehicles", 5),
    ("supplies", "Supplies and services", 6),
    ("education", "Education and classroom", 17),
    ("central", "Central and organisational costs", 10),
    ("core_staffing", "Core staffing of the establishment", 34),
    ("staff_related", "Staff related costs", 7),
    ("children", "General core costs related to children", 5),
)
"""The nine heads of the SEN schedule (BC 7.4), with each one's usual share in per cent."""

RESIDENTIAL_TERMS = ("residential_terms", "Core offer, weekly and termly residential placements")
RESIDENTIAL_ALL_YEAR = ("residential_all_year", "Core offer, 42 to 52 week residential placements")
SPECIFIC_NEEDS = ("specific_needs", "Services offered for specific needs")

_WEEKLY = {
    Setting.FOSTER_CARE: (
        ("carers", "Foster carers' fee and allowance", 480_00, 620_00),
        ("support", "Support, training and supervision of carers", 210_00, 330_00),
        ("organisation", "Agency and central costs", 110_00, 190_00),
    ),
    Setting.RESIDENTIAL_CARE: (
        ("care_staff", "Care staff of the home", 3_100_00, 4_300_00),
        ("home", "The home, its upkeep and food", 640_00, 980_00),
        ("therapy", "Therapy and clinical advice", 260_00, 520_00),
        ("organisation", "Central and organisational costs", 480_00, 800_00),
    ),
    Setting.ALTERNATIVE_EDUCATION: (
        ("tuition", "Tuition and tutors", 210_00, 340_00),
        ("workshop", "Workshop, materials and premises", 60_00, 120_00),
    ),
}

_FOR_THE_CHILD = (
    ("one_to_one", "Teaching assistant for this child", Basis.WEEK, 95_00, 260_00),
    (
        "speech_therapy",
        "Speech and language therapy for this child",
        Basis.YEAR,
        1_200_00,
        3_800_00,
    ),
    ("occupational_therapy", "Occupational therapy for this child", Basis.YEAR, 900_00, 3_200_00),
    ("settling_in", "Settling in: visits and a link worker", Basis.YEAR, 400_00, 1_600_00),
    ("equipment", "Equipment and adaptations", Basis.YEAR, 250_00, 1_900_00),
)


def setting_for(category: str, boarding: str) -> Setting:
    """What is priced for an establishment in a category, by the boarding it offers."""
    if category == "sen_residential":
        all_year = boarding == "all_year"
        return Setting.RESIDENTIAL_ALL_YEAR if all_year else Setting.RESIDENTIAL_TERMS
    return Setting.DAY if category == "sen_day" else Setting(category)


def core_lines(*, seed: str, setting: Setting, places: int) -> tuple[CostLine, ...]:
    """
    The core cost lines of an establishment; the same seed always gives the same lines.

    A day school's nine heads add up to £45,000-£95,000 a year, and the smaller the school the
    dearer; a residential school's lines to £110,000-£280,000 at 38 to 52 weeks (BC 7.4).
    """
    if weekly := _WEEKLY.get(setting):
        return tuple(
            CostLine(head, label, Basis.WEEK, _between(low, high, seed, head))
            for head, label, low, high in weekly
        )
    heads = _nine_heads(seed, places)
    if setting is Setting.DAY:
        return heads
    if setting is Setting.RESIDENTIAL_TERMS:
        weekly_care = CostLine(
            *RESIDENTIAL_TERMS, Basis.WEEK, _between(1_750_00, 2_900_00, seed, "terms")
        )
    else:
        weekly_care = CostLine(
            *RESIDENTIAL_ALL_YEAR, Basis.WEEK, _between(2_450_00, 3_500_00, seed, "all year")
        )
    needs = CostLine(*SPECIFIC_NEEDS, Basis.YEAR, _between(2_000_00, 8_000_00, seed, "needs"))
    return (*heads, weekly_care, needs)


def lowered(lines: Sequence[CostLine], *, seed: str) -> tuple[CostLine, ...]:
    """The core lines as a bid carries them: each as it stands or up to 4 per cent lower."""
    return tuple(
        replace(line, pence=line.pence - line.pence * _draw(5, seed, "lowered", line.head) // 100)
        for line in lines
    )


def variable_lines(*, seed: str, count: int) -> tuple[CostLine, ...]:
    """So many lines (at most five) for what one child needs beyond the core costs."""
    chosen = sorted(_FOR_THE_CHILD, key=lambda line: _draw(10_000, seed, "chosen", line[0]))
    return tuple(
        CostLine(head, label, basis, _between(low, high, seed, head))
        for head, label, basis, low, high in chosen[:count]
    )


def annual_pence(lines: Sequence[CostLine], *, weeks: int) -> int:
    """What the lines add up to in a year of so many weeks, in pence, before any discount."""
    return sum(annual(line.pence, line.basis, weeks) for line in lines)


def _nine_heads(seed: str, places: int) -> tuple[CostLine, ...]:
    # A school of 20 spreads its fixed costs over few children: £14,000 a place more than one of 80.
    total = 50_000_00 + (80 - min(max(places, 20), 80)) * 235_00 + _draw(15_000_00, seed, "total")
    lines = [
        CostLine(head, label, Basis.YEAR, _head_pence(total * share // 100, seed, head))
        for head, label, share in SEN_HEADS
    ]
    return tuple(lines)


def _head_pence(usual: int, seed: str, head: str) -> int:
    return _rounded(usual * (92 + _draw(17, seed, head)) // 100)


def _between(low: int, high: int, *seed: str) -> int:
    return _rounded(low + _draw(high - low + 1, *seed))


def _rounded(pence: int) -> int:
    return pence // _ROUND_TO * _ROUND_TO


def _draw(below: int, *seed: str) -> int:
    """A number from 0 to below what is given, always the same for the same words."""
    digest = hashlib.sha256("\x1f".join(seed).encode()).digest()
    return int.from_bytes(digest[:8], "big") % below
