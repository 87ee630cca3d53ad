"""
The market, its categories and their default weights as shipped: loaded as rows.

The sample of BC 7.2 and the default weights of scoring.md; the Board decides. What a category asks
stands in `shipped_categories`, what it wants to be costed in `shipped_costs`.
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
