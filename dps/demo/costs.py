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
    driver: str = ""
    """What moves it most; empty for what usually moves such a cost."""


@dataclass(frozen=True, slots=True)
class DemoDiscount:
    """So many hundredths of a percent off for siblings or a cohort, from so many children."""

    kind: str
    from_children: int
    percent: int


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
        ("carer_allowance", "Foster carer allowance", 200_00, 260_00),
        ("carer_fee", "Foster carer fee", 280_00, 360_00),
        ("carer_recruitment", "Recruitment and approval of carers", 20_00, 40_00),
        ("carer_training", "Training of carers", 25_00, 45_00),
        ("respite", "Breaks and respite for carers", 45_00, 75_00),
        ("social_workers", "Supervision by social workers", 110_00, 160_00),
        ("agency_management", "Agency management and support", 60_00, 90_00),
        ("travel", "Travel of staff and carers", 20_00, 40_00),
        ("agency_premises", "Offices", 25_00, 45_00),
        ("central", "Central and organisational costs", 45_00, 80_00),
    ),
    Setting.RESIDENTIAL_CARE: (
        ("care_staffing", "Care staff", 2_500_00, 3_500_00),
        ("management", "Management of the home", 420_00, 560_00),
        ("staff_related", "Staff related costs", 180_00, 260_00),
        ("premises", "Premises", 330_00, 480_00),
        ("energy", "Energy and water", 60_00, 100_00),
        ("food", "Food", 70_00, 100_00),
        ("household", "Household", 50_00, 90_00),
        ("transport", "Transport", 90_00, 140_00),
        ("activities", "Activities and holidays", 60_00, 100_00),
        ("allowances", "Clothing, pocket money and savings", 45_00, 70_00),
        ("education_support", "Education support", 80_00, 150_00),
        ("central", "Central and organisational costs", 400_00, 650_00),
        ("therapeutic", "Therapeutic support", 260_00, 520_00),
    ),
    Setting.ALTERNATIVE_EDUCATION: (
        ("tuition", "Tuition", 130_00, 210_00),
        ("support_staff", "Support and pastoral staff", 40_00, 70_00),
        ("equipment", "Equipment and materials", 15_00, 35_00),
        ("premises", "Premises", 25_00, 45_00),
        ("energy", "Energy and water", 10_00, 15_00),
        ("transport", "Transport", 10_00, 25_00),
        ("meals", "Meals", 10_00, 15_00),
        ("staff_related", "Staff related costs", 10_00, 20_00),
        ("central", "Central and organisational costs", 25_00, 45_00),
    ),
}
_OTHER_DRIVERS = {"premises": "energy", "supplies": "food", "education": "pay", "central": "other"}
"""What moves a line at one establishment in four, in place of what usually does."""

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
            CostLine(head, label, Basis.WEEK, _between(low, high, seed, head), _driver(seed, head))
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


def discounts(*, seed: str) -> tuple[DemoDiscount, ...]:
    """What an establishment takes off for siblings and for groups; one in four offers nothing."""
    if _draw(4, seed, "discounts") == 0:
        return ()
    siblings = 2_00 + _draw(7, seed, "siblings") * 50
    cohort = 3_00 + _draw(7, seed, "cohort") * 50
    return (
        DemoDiscount("siblings", 2, siblings),
        DemoDiscount("siblings", 3, siblings + 1_50),
        DemoDiscount("cohort", 4, cohort),
        DemoDiscount("cohort", 8, cohort + 2_50),
    )


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
        CostLine(
            head,
            label,
            Basis.YEAR,
            _head_pence(total * share // 100, seed, head),
            _driver(seed, head),
        )
        for head, label, share in SEN_HEADS
    ]
    return tuple(lines)


def _head_pence(usual: int, seed: str, head: str) -> int:
    return _rounded(usual * (92 + _draw(17, seed, head)) // 100)


def _driver(seed: str, head: str) -> str:
    return "" if _draw(4, seed, "driver", head) else _OTHER_DRIVERS.get(head, "")


def _between(low: int, high: int, *seed: str) -> int:
    return _rounded(low + _draw(high - low + 1, *seed))


def _rounded(pence: int) -> int:
    return pence // _ROUND_TO * _ROUND_TO


def _draw(below: int, *seed: str) -> int:
    """A number from 0 to below what is given, always the same for the same words."""
    digest = hashlib.sha256("\x1f".join(seed).encode()).digest()
    return int.from_bytes(digest[:8], "big") % below
