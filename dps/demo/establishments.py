"""
The invented providers and establishments of the demo region.

Names, streets and postcodes are made up; outward codes are real, so that each is placed in its
town. Whatever is adverse happens here: the schools of ``real_schools`` only ever do well.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parent / "data"

NEEDS = {
    "ASD": "Autism",
    "HI": "Hearing impairment",
    "MLD": "Moderate learning difficulty",
    "PD": "Physical disability",
    "PMLD": "Profound and multiple learning difficulty",
    "SEMH": "Social, emotional and mental health",
    "SLCN": "Speech, language and communication",
    "SLD": "Severe learning difficulty",
    "SPLD": "Specific learning difficulty, such as dyslexia",
}
"""The needs that establishments name, by the school census's codes."""


class Part(StrEnum):
    """The part an establishment plays in the demo."""

    ORDINARY = "ordinary"
    INSURANCE_EXPIRING = "insurance_expiring"
    EXPIRED_INSURANCE = "expired_insurance"
    INADEQUATE = "inadequate"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    IN_PROGRESS = "in_progress"


STAYS_QUALIFIED = frozenset({Part.ORDINARY, Part.INSURANCE_EXPIRING})
BECOMES_QUALIFIED = STAYS_QUALIFIED | {Part.EXPIRED_INSURANCE, Part.INADEQUATE, Part.SUSPENDED}


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """An invented organisation; ``domain`` is where its people's email goes, and nowhere else."""

    key: str
    name: str
    legal_form: str
    street: str
    town: str
    postcode: str

    @property
    def domain(self) -> str:
        return f"{self.key}.example"


_AREAS = (
    "inclusion",
    "curriculum and teaching",
    "achievement",
    "attendance and behaviour",
    "personal development and well-being",
    "leadership and governance",
)
_STANDARDS_MET = {"safeguarding": "met", "independent school standards": "met"}


@dataclass(frozen=True, slots=True)
class DemoInspection:
    """
    What an inspection found, on its own scale, and how many days before today it was.

    ``result`` is the one word of scales that have one; on a report card, every area's.
    """

    body: str
    scale: str
    result: str
    days_ago: int

    @property
    def judgements(self) -> dict[str, str]:
        """Area to judgement, in the inspectorate's words."""
        return {
            "ofsted_overall_grade": {"overall effectiveness": self.result},
            "ofsted_independent_school": _STANDARDS_MET | dict.fromkeys(_AREAS, self.result),
            "ofsted_social_care": {"overall experiences and progress": self.result},
            "isi_framework": {"leadership and governance": self.result, "safeguarding": "met"},
            "authority_quality_assurance": {
                "national standards": self.result,
                "single central record": "met",
            },
        }[self.scale]


@dataclass(frozen=True, slots=True)
class DemoEstablishment:
    """An invented school, home, fostering agency or alternative provision."""

    key: str
    provider: DemoProvider
    name: str
    kind: str
    categories: tuple[str, ...]
    authority: str
    street: str
    town: str
    postcode: str
    low_age: int
    high_age: int
    gender: str
    needs: tuple[str, ...]
    places: int
    vacancies: int
    boarding: str
    inspection: DemoInspection
    insurance_days: int
    part: Part
    pen_picture: str

    is_invented = True

    @property
    def outward_code(self) -> str:
        return self.postcode.split()[0]

    @property
    def website(self) -> str:
        return f"https://{self.key}.{self.provider.domain}"

    @property
    def becomes_qualified(self) -> bool:
        """Whether its application succeeds, whatever comes after."""
        return self.part in BECOMES_QUALIFIED

    @property
    def stays_qualified(self) -> bool:
        """Whether it is qualified and unsuspended once the annual audit has run."""
        return self.part in STAYS_QUALIFIED


@cache
def providers() -> tuple[DemoProvider, ...]:
    """The invented organisations, in the order of the file."""
    return tuple(DemoProvider(**row) for row in _rows("providers.csv"))


@cache
def establishments() -> tuple[DemoEstablishment, ...]:
    """The invented establishments, in the order of the file."""
    organisations = {provider.key: provider for provider in providers()}
    return tuple(_establishment(row, organisations) for row in _rows("establishments.csv"))


def in_category(category: str) -> tuple[DemoEstablishment, ...]:
    """Those that apply for this category."""
    return tuple(place for place in establishments() if category in place.categories)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _establishment(
    row: dict[str, str], organisations: dict[str, DemoProvider]
) -> DemoEstablishment:
    return DemoEstablishment(
        key=row["key"],
        provider=organisations[row["provider"]],
        name=row["name"],
        kind=row["kind"],
        categories=tuple(row["categories"].split()),
        authority=row["authority"],
        street=row["street"],
        town=row["town"],
        postcode=row["postcode"],
        low_age=int(row["low_age"]),
        high_age=int(row["high_age"]),
        gender=row["gender"],
        needs=tuple(row["needs"].split()),
        places=int(row["places"]),
        vacancies=int(row["vacancies"]),
        boarding=row["boarding"],
        inspection=DemoInspection(
            body=row["inspection_body"],
            scale=row["inspection_scale"],
            result=row["inspection_result"],
            days_ago=int(row["inspected_days_ago"]),
        ),
        insurance_days=int(row["insurance_days"]),
        part=Part(row["part"]),
        pen_picture=row["pen_picture"],
    )
