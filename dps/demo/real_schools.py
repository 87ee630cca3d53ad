"""
Real schools of the register extract that the demo shows as qualified, and what it says of them.

Whatever is said of them here is invented and good. They are never suspended, rejected or graded
poorly, and they never bid, so that none of them ever loses.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dps.demo.establishments import DemoInspection

IN_THE_REGION = (
    "115425", "115466", "118993", "119027", "131611", "131810", "133539", "134063", "135111",
    "135150", "135407", "135510", "135576", "135623", "135930", "139657", "143400",
)  # fmt: skip

NEAR_THE_REGION = (
    "101173", "101843", "102172", "110178", "116584", "117665", "131662", "135105", "135534",
    "135616", "135670", "136047", "136092", "136263", "137808", "138386", "138803", "140421",
    "141697", "141701", "143406",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoRealSchool:
    """A real school's part in the demo. Grades are 4 or 5; the insurance has long to run."""

    urn: str
    inspection: DemoInspection
    insurance_days: int
    places: int
    vacancies: int
    workforce_grade: int
    outcomes_grade: int
    contract_grade: int
    young_people_grade: int

    is_invented = False


def qualified_real_urns() -> tuple[str, ...]:
    """The URNs of the real schools that the demo shows as qualified, in rising order."""
    return tuple(sorted(IN_THE_REGION + NEAR_THE_REGION))


def qualified_real_schools() -> tuple[DemoRealSchool, ...]:
    """What the demo says of each, in the order of ``qualified_real_urns``."""
    return tuple(_school(urn) for urn in qualified_real_urns())


def categories_of(boarders: str) -> tuple[str, ...]:
    """The categories a real school is qualified in, by the register's "Boarders (name)"."""
    if "Boarding School" in boarders:
        return ("sen_day", "sen_residential")
    return ("sen_day",)


def _school(urn: str) -> DemoRealSchool:
    drawn = hashlib.sha256(urn.encode()).digest()
    return DemoRealSchool(
        urn=urn,
        inspection=DemoInspection("Ofsted", "ofsted_overall_grade", "good", 420 + drawn[0]),
        insurance_days=120 + drawn[1],
        places=40 + drawn[2] % 50,
        vacancies=1 + drawn[3] % 5,
        workforce_grade=4 + drawn[4] % 2,
        outcomes_grade=4 + drawn[5] % 2,
        contract_grade=4 + drawn[6] % 2,
        young_people_grade=4 + drawn[7] % 2,
    )
