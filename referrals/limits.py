"""Which establishments a referral goes to, and why the others are left out (BC 7.8, 7.9, 8.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dps.hundredths import show_hundredths
from dps.money import show
from dps.refusals import NotUnderstood

MOST_MILES = 500


class NoLimitChosen(NotUnderstood):
    message = "Enter how many miles from home, or choose at least one authority area, or both"


class RadiusOutOfRange(NotUnderstood):
    message = f"The distance from home must be a whole number of miles from 1 to {MOST_MILES}"


@dataclass(frozen=True, slots=True)
class Limit:
    """
    How far a referral reaches: a radius in miles, authority areas, or both.

    :raises NoLimitChosen: neither is given.
    :raises RadiusOutOfRange: the radius is not 1 to 500.
    """

    radius_miles: int | None = None
    areas: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.radius_miles is None and not self.areas:
            raise NoLimitChosen(field="radius_miles")
        if self.radius_miles is not None and not 1 <= self.radius_miles <= MOST_MILES:
            raise RadiusOutOfRange(field="radius_miles")

    def holds(self, *, distance: int | None, area: str) -> bool:
        """Whether a place lies in either; distance in hundredths of a mile, None if unknown."""
        in_radius = (
            self.radius_miles is not None
            and distance is not None
            and distance <= self.radius_miles * 100
        )
        return in_radius or area in self.areas


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishmentFacts:
    """
    What decides about one establishment for one referral's category and authority.

    ``distance`` is hundredths of a mile; core price and cap are pence a year, None if there is
    none.
    """

    area: str
    distance: int | None
    is_closed: bool = False
    is_procured: bool = True
    is_qualified: bool = True
    is_suspended: bool = False
    core_price: int | None = None
    authority_cap: int | None = None


class Reason(StrEnum):
    """Why an establishment is not invited; the first that holds, in this order."""

    CLOSED = "closed"
    NOT_PROCURED = "not_procured"
    NOT_QUALIFIED = "not_qualified"
    SUSPENDED = "suspended"
    ABOVE_CAP = "above_cap"
    PLACE_UNKNOWN = "place_unknown"
    OUTSIDE_LIMIT = "outside_limit"


@dataclass(frozen=True, slots=True)
class Eligible:
    """Will be invited."""


@dataclass(frozen=True, slots=True)
class NotEligible:
    """Will not be invited, with the reason and the words for the record."""

    reason: Reason
    words: str


def decide(limit: Limit, facts: EstablishmentFacts) -> Eligible | NotEligible:
    """Whether an establishment is invited to a referral; nothing else may keep one out (R3)."""
    standing = _standing(facts)
    if standing is not None:
        return NotEligible(standing, _STANDING_WORDS[standing])
    price, cap = facts.core_price, facts.authority_cap
    if price is not None and cap is not None and price > cap:
        return NotEligible(
            Reason.ABOVE_CAP,
            f"Its core costs, {show(price)} a year, are above the council’s cap of {show(cap)}",
        )
    if limit.holds(distance=facts.distance, area=facts.area):
        return Eligible()
    return _outside(limit, facts)


def _standing(facts: EstablishmentFacts) -> Reason | None:
    checks = (
        (facts.is_closed, Reason.CLOSED),
        (not facts.is_procured, Reason.NOT_PROCURED),
        (not facts.is_qualified, Reason.NOT_QUALIFIED),
        (facts.is_suspended, Reason.SUSPENDED),
    )
    return next((reason for holds, reason in checks if holds), None)


_STANDING_WORDS = {
    Reason.CLOSED: "It has closed",
    Reason.NOT_PROCURED: "Places there are not bought: it is a maintained school or an academy",
    Reason.NOT_QUALIFIED: "It is not qualified in this category",
    Reason.SUSPENDED: "It is suspended from new referrals",
}


def _outside(limit: Limit, facts: EstablishmentFacts) -> NotEligible:
    elsewhere = "not in a chosen authority area" if limit.areas else ""
    if limit.radius_miles is None:
        return NotEligible(Reason.OUTSIDE_LIMIT, f"It is {elsewhere}")
    also = f", and {elsewhere}" if elsewhere else ""
    if facts.distance is None:
        return NotEligible(Reason.PLACE_UNKNOWN, f"We do not know how far away it is{also}")
    away = show_hundredths(facts.distance)
    return NotEligible(
        Reason.OUTSIDE_LIMIT,
        f"It is {away} miles away, outside the limit of {limit.radius_miles} miles{also}",
    )
