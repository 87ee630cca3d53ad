"""
The market, its categories and their default weights as shipped: loaded as rows.

The sample of BC 7.2 and the default weights of scoring.md; the Board decides. What a category asks
stands in `shipped_categories`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dps.regimes import SAVED_DPS_ENDS_BY, RegimeKey


@dataclass(frozen=True, slots=True)
class ShippedMarket:
    code: str
    name: str
    regime: RegimeKey
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class ShippedCategory:
    code: str
    service: str
    name: str
    is_residential: bool = False
    offers_choice: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """Default weights of a referral in whole percentage points; they add up to 100."""

    price: int = 50
    outcomes: int = 15
    needs: int = 8
    features: int = 2
    location: int = 5
    core_competency: int = 20
    incentive: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """One head of a cost schedule."""

    code: str
    title: str
    guidance: str = ""
    is_optional: bool = False


MARKET = ShippedMarket(
    code="south-east-dps",
    name="South East dynamic purchasing system",
    regime=RegimeKey.PCR_2015_DPS,
    starts_on=date(2025, 2, 3),
    ends_on=SAVED_DPS_ENDS_BY,
)
_SEN = "Special educational needs"
CATEGORIES = (
    ShippedCategory("sen-day", _SEN, "SEN day", offers_choice=True),
    ShippedCategory(
        "sen-residential", _SEN, "SEN residential", is_residential=True, offers_choice=True
    ),
    ShippedCategory("foster-care", "Foster care", "Foster care", is_residential=True),
    ShippedCategory(
        "residential-care", "Residential care", "Residential care", is_residential=True
    ),
    ShippedCategory("alternative-education", "Alternative education", "Alternative education"),
)

SEN_HEADS = (
    Head("assessment", "Assessment of suitability", "Visits, trial days and reports"),
    Head("premises", "Premises", "Rent, rates, energy, upkeep and insurance of the buildings"),
    Head("vehicles", "Vehicles", "Minibuses, fuel and drivers, but not a child’s daily transport"),
    Head("supplies", "Supplies and services", "Catering, cleaning, office and bought services"),
    Head("education", "Education and classroom", "Books, equipment, examinations and trips"),
    Head("central", "Central and organisational costs", "Head office, finance and leadership"),
    Head("core_staffing", "Core staffing of the establishment", "The people every child needs"),
    Head("staff_related", "Staff related costs", "Recruitment, training and cover"),
    Head("children", "General core costs related to children", "Uniform, meals and activities"),
)
"""The nine heads of the SEN schedule (BC 7.4)."""
SEN_RESIDENTIAL_HEADS = (
    *SEN_HEADS,
    Head(
        "residential_terms",
        "Core offer, weekly and termly residential placements",
        "Leave empty if you do not offer this",
        is_optional=True,
    ),
    Head(
        "residential_all_year",
        "Core offer, 42 to 52 week residential placements",
        "Leave empty if you do not offer this",
        is_optional=True,
    ),
    Head(
        "specific_needs",
        "Services offered for specific needs",
        "Learning support, occupational therapy, physiotherapy. Leave empty if you offer none",
        is_optional=True,
    ),
)
HEADS = {"sen-day": SEN_HEADS, "sen-residential": SEN_RESIDENTIAL_HEADS}
"""By category; the others have no schedule yet."""
