"""
The core cost schedules as shipped, loaded as rows (Q5, BC 7.4).

SEN has the nine heads of the national schedules; residential places, foster care, children's homes
and alternative education have lines of their own. The Board decides on all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qualification.core_costs import Driver, Stay


@dataclass(frozen=True, slots=True)
class Head:
    """One line of a cost schedule, and what moves such a cost most, where nothing else is said."""

    code: str
    title: str
    guidance: str = ""
    is_optional: bool = False
    schedule: str = ""
    driver: Driver = Driver.OTHER
    stay: Stay | None = None
    """The residential schedule it is a line of: one stands in place of the other."""


_PAY, _PREMISES, _ENERGY = Driver.PAY, Driver.PREMISES, Driver.ENERGY
_TRANSPORT, _FOOD = Driver.TRANSPORT, Driver.FOOD


def _under(schedule: str, *lines: tuple[str, str, str, Driver]) -> tuple[Head, ...]:
    return tuple(
        Head(code, title, guidance, schedule=schedule, driver=driver)
        for code, title, guidance, driver in lines
    )


def _optional(
    schedule: str, *lines: tuple[str, str, str, Driver], stay: Stay | None = None
) -> tuple[Head, ...]:
    """Left empty by whoever does not offer them."""
    return tuple(
        Head(code, title, guidance, is_optional=True, schedule=schedule, driver=driver, stay=stay)
        for code, title, guidance, driver in lines
    )


SEN_HEADS = _under(
    "Core costs of every place",
    ("assessment", "Assessment of suitability", "Visits, trial days and reports", _PAY),
    (
        "premises",
        "Premises",
        "Rent, rates, energy, upkeep and insurance of the buildings",
        _PREMISES,
    ),
    (
        "vehicles",
        "Vehicles",
        "Minibuses, fuel and drivers, but not a child’s daily transport",
        _TRANSPORT,
    ),
    (
        "supplies",
        "Supplies and services",
        "Catering, cleaning, office and bought services",
        Driver.OTHER,
    ),
    (
        "education",
        "Education and classroom",
        "Books, equipment, examinations and trips",
        Driver.OTHER,
    ),
    (
        "central",
        "Central and organisational costs",
        "Head office, finance and leadership",
        _PAY,
    ),
    (
        "core_staffing",
        "Core staffing of the establishment",
        "The people every child needs",
        _PAY,
    ),
    ("staff_related", "Staff related costs", "Recruitment, training and cover", _PAY),
    (
        "children",
        "General core costs related to children",
        "Uniform, meals and activities",
        _FOOD,
    ),
)
"""The nine heads of the SEN schedule (BC 7.4)."""
SEN_RESIDENTIAL_HEADS = (
    *SEN_HEADS,
    *_optional(
        "Weekly and termly residential places",
        (
            "residential_terms",
            "Care and night staff, weekly and termly",
            "Leave empty if you do not offer this",
            _PAY,
        ),
        (
            "residential_terms_home",
            "Rooms, energy and household, weekly and termly",
            "Bedrooms, heating, laundry and furniture",
            _PREMISES,
        ),
        (
            "residential_terms_food",
            "Meals and activities, weekly and termly",
            "Evenings and, for termly places, weekends",
            _FOOD,
        ),
        stay=Stay.TERMS,
    ),
    *_optional(
        "42 to 52 week residential places",
        (
            "residential_all_year",
            "Care and night staff, 42 to 52 weeks",
            "Leave empty if you do not offer this",
            _PAY,
        ),
        (
            "residential_all_year_home",
            "Rooms, energy and household, 42 to 52 weeks",
            "Bedrooms, heating, laundry and furniture",
            _PREMISES,
        ),
        (
            "residential_all_year_food",
            "Meals, holidays and activities, 42 to 52 weeks",
            "School holidays as well",
            _FOOD,
        ),
        stay=Stay.ALL_YEAR,
    ),
    *_optional(
        "Services for specific needs",
        ("specific_needs", "Learning support", "Included for every child who needs it", _PAY),
        ("occupational_therapy", "Occupational therapy", "", _PAY),
        ("physiotherapy", "Physiotherapy", "", _PAY),
        ("speech_and_language", "Speech and language therapy", "", _PAY),
        ("psychology", "Psychology and counselling", "", _PAY),
        ("sensory", "Sensory and mobility support", "Vision, hearing, equipment", _PAY),
    ),
)
FOSTER_CARE_HEADS = (
    *_under(
        "Foster carers",
        (
            "carer_allowance",
            "Foster carer allowance",
            "What the carer spends on the child",
            Driver.OTHER,
        ),
        ("carer_fee", "Foster carer fee", "What the carer earns", _PAY),
        ("carer_recruitment", "Recruitment and approval of carers", "", _PAY),
        ("carer_training", "Training of carers", "", _PAY),
        ("respite", "Breaks and respite for carers", "", _PAY),
    ),
    *_under(
        "The agency",
        (
            "social_workers",
            "Supervision by social workers",
            "Visits, reviews and the duty service out of hours",
            _PAY,
        ),
        ("agency_management", "Agency management and support", "The registered manager", _PAY),
        ("travel", "Travel of staff and carers", "", _TRANSPORT),
        ("agency_premises", "Offices", "Rent, rates, energy and insurance", _PREMISES),
        ("central", "Central and organisational costs", "Head office and finance", Driver.OTHER),
    ),
    *_optional(
        "Services for specific needs",
        ("therapeutic", "Therapeutic support", "Leave empty if you offer none", _PAY),
        ("education_support", "Education support", "Leave empty if you offer none", _PAY),
    ),
)
RESIDENTIAL_CARE_HEADS = (
    *_under(
        "Staff",
        ("care_staffing", "Care staff", "Shifts, waking nights and sleep-ins", _PAY),
        (
            "management",
            "Management of the home",
            "The registered manager and deputies",
            _PAY,
        ),
        ("staff_related", "Staff related costs", "Recruitment, training and cover", _PAY),
    ),
    *_under(
        "The home",
        ("premises", "Premises", "Rent or mortgage, rates, upkeep and insurance", _PREMISES),
        ("energy", "Energy and water", "", _ENERGY),
        ("food", "Food", "", _FOOD),
        ("household", "Household", "Laundry, furniture, cleaning and replacements", Driver.OTHER),
        ("transport", "Transport", "The home’s cars, fuel and family visits", _TRANSPORT),
    ),
    *_under(
        "The children",
        ("activities", "Activities and holidays", "", Driver.OTHER),
        (
            "allowances",
            "Clothing, pocket money and savings",
            "",
            Driver.OTHER,
        ),
        ("education_support", "Education support", "Tutoring and liaison, no school fees", _PAY),
    ),
    *_under(
        "The organisation",
        ("central", "Central and organisational costs", "Head office and finance", Driver.OTHER),
    ),
    *_optional(
        "Services for specific needs",
        ("therapeutic", "Therapeutic support", "Leave empty if you offer none", _PAY),
    ),
)
ALTERNATIVE_EDUCATION_HEADS = (
    *_under(
        "Teaching",
        ("tuition", "Tuition", "Teachers, tutors and instructors", _PAY),
        ("support_staff", "Support and pastoral staff", "", _PAY),
        (
            "equipment",
            "Equipment and materials",
            "Workshops, books, protective clothing and examinations",
            Driver.OTHER,
        ),
    ),
    *_under(
        "The place",
        ("premises", "Premises", "Rent, rates, upkeep and insurance", _PREMISES),
        ("energy", "Energy and water", "", _ENERGY),
        (
            "transport",
            "Transport",
            "During the day, but not a child’s way there and home",
            _TRANSPORT,
        ),
        ("meals", "Meals", "", _FOOD),
    ),
    *_under(
        "The organisation",
        ("staff_related", "Staff related costs", "Recruitment, checks, training and cover", _PAY),
        ("central", "Central and organisational costs", "Management and finance", Driver.OTHER),
    ),
    *_optional(
        "Services for specific needs",
        ("mentoring", "Mentoring and counselling", "Leave empty if you offer none", _PAY),
    ),
)
HEADS: Mapping[str, tuple[Head, ...]] = MappingProxyType(
    {
        "sen-day": SEN_HEADS,
        "sen-residential": SEN_RESIDENTIAL_HEADS,
        "foster-care": FOSTER_CARE_HEADS,
        "residential-care": RESIDENTIAL_CARE_HEADS,
        "alternative-education": ALTERNATIVE_EDUCATION_HEADS,
    }
)
"""By category, in the order in which they are shown."""
