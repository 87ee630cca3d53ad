"""
How the bids of one referral are scored and ranked (BC 7.10, 8.5-8.8).

Pure arithmetic on whole numbers: pence, and hundredths of a point, a mile and a per cent. The
method, with a worked example that is also a test, is in docs/scoring/referral.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dps import money
from dps.hundredths import half_up
from referrals.scoring_terms import (
    FULL_PERCENT,
    HIGHEST_GRADE,
    Bid,
    CannotBeScored,
    Criteria,
    PriceLine,
    refuse_unless_scorable,
)

NEAR_TIE_POINTS = 5_00
NEAR_TIE_RANKS = 3
LOCATION_STEPS = 5
HUNDREDTHS_OF_A_STEP = 10_00


@dataclass(frozen=True, slots=True)
class Scores:
    """Hundredths of a point by criterion, each rounded half up once, so that they add up."""

    price: int
    outcomes: int
    needs: int
    features: int
    location: int
    core_competency: int
    incentive: int

    @property
    def quality(self) -> int:
        """Everything but price."""
        return (
            self.outcomes
            + self.needs
            + self.features
            + self.location
            + self.core_competency
            + self.incentive
        )

    @property
    def total(self) -> int:
        return self.quality + self.price


@dataclass(frozen=True, slots=True)
class Result:
    """
    What became of one bid; ``annual_price`` in pence.

    A bid left out names in ``excluded`` the essential features that it lacks, and has neither
    scores nor rank.
    """

    bid_id: str
    annual_price: int
    lot: str
    excluded: tuple[str, ...] = ()
    scores: Scores | None = None
    rank: int | None = None
    is_near_tie: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """Every result in the order of the bids given; ids by rank; ids of the near tie by rank."""

    results: tuple[Result, ...]
    ranking: tuple[str, ...]
    near_tie: tuple[str, ...]


def score(criteria: Criteria, bids: Sequence[Bid]) -> Scored:
    """
    Score and rank the bids of one referral.

    Only bids that are not left out set the lowest price. Higher total, then higher quality, then
    lower annual price, then the lot decide the rank; no two bids share one.

    :raises CannotBeScored: there is no bid, two have one id, or one does not fit the criteria.
    """
    refuse_unless_scorable(criteria, bids)
    prices = {bid.id: bid_price(criteria, bid, index) for index, bid in enumerate(bids)}
    lacking = {bid.id: missing_essentials(criteria, bid) for bid in bids}
    staying = [bid for bid in bids if not lacking[bid.id]]
    lowest = min((prices[bid.id] for bid in staying), default=0)
    scored = {bid.id: _scores(criteria, bid, prices[bid.id], lowest) for bid in staying}
    lots = {bid.id: lot(criteria.reference, bid.id) for bid in bids}

    ranking = tuple(
        sorted(
            scored,
            key=lambda bid: (-scored[bid].total, -scored[bid].quality, prices[bid], lots[bid]),
        )
    )
    ranks = {bid_id: rank for rank, bid_id in enumerate(ranking, start=1)}
    near_tie = _near_tie(ranking, scored)
    near = frozenset(near_tie)
    results = tuple(
        Result(
            bid_id=bid.id,
            annual_price=prices[bid.id],
            lot=lots[bid.id],
            excluded=lacking[bid.id],
            scores=scored.get(bid.id),
            rank=ranks.get(bid.id),
            is_near_tie=bid.id in near,
        )
        for bid in bids
    )
    return Scored(results=results, ranking=ranking, near_tie=near_tie)


def annual_price(lines: Iterable[PriceLine], discount: int, weeks: int) -> int:
    """
    Pence a year, half up: (Σ lines, each made annual) x (1 - discount ÷ 100).

    ``discount`` is hundredths of a per cent, ``weeks`` the weeks a year of a weekly amount.
    """
    full = sum(money.annual(line.amount, line.basis, weeks) for line in lines)
    return half_up(full * (FULL_PERCENT - discount), FULL_PERCENT)


def bid_price(criteria: Criteria, bid: Bid, index: int = 0) -> int:
    """
    A bid's annual price in pence, always above 0; ``index`` is its place, for the refusal.

    :raises CannotBeScored: the price comes to nothing.
    """
    price = annual_price(bid.price_lines, bid.discount, criteria.weeks_per_year)
    if price > 0:
        return price
    is_free = not any(line.amount for line in bid.price_lines)
    field = "price_lines" if is_free else "discount_percent"
    raise CannotBeScored("The annual price must be above 0", field=f"bids[{index}].{field}")


def missing_essentials(criteria: Criteria, bid: Bid) -> tuple[str, ...]:
    """The keys, sorted, of the essential features that the bid does not meet."""
    return tuple(sorted(criteria.essential_keys.difference(bid.features_met)))


def location_steps(distance: int) -> int:
    """
    Fifths of the weight for a distance in hundredths of a mile.

    5 below 10 miles, one less for each full ten miles, 0 from 50 miles (BC 8.5).
    """
    return max(0, LOCATION_STEPS - distance // HUNDREDTHS_OF_A_STEP)


def lot(reference: str, bid_id: str) -> str:
    """The drawn lot that parts equal bids: SHA-256, in hex, of ``REFERENCE:BID-ID``."""
    return hashlib.sha256(f"{reference}:{bid_id}".encode()).hexdigest()


def _scores(criteria: Criteria, bid: Bid, price: int, lowest: int) -> Scores:
    weights = criteria.weights
    grades = sum(marks * bid.outcome_grades[key] for key, marks in criteria.outcome_marks.items())
    needs = sum(criteria.need_marks[key] for key in bid.needs_met)
    features = sum(criteria.feature_marks[key] for key in bid.features_met)
    return Scores(
        price=half_up(weights.price * lowest, price),
        outcomes=_share(weights.outcomes, grades, HIGHEST_GRADE * criteria.all_outcome_marks),
        needs=_share(weights.needs, needs, criteria.all_need_marks),
        features=_share(weights.features, features, criteria.all_feature_marks),
        location=_share(weights.location, location_steps(bid.distance), LOCATION_STEPS),
        core_competency=_share(weights.core_competency, bid.core_competency, FULL_PERCENT),
        incentive=_share(weights.incentive, bid.incentive_grade or 0, HIGHEST_GRADE),
    )


def _share(weight: int, part: int, whole: int) -> int:
    """Weight x part ÷ whole, half up; 0 where nothing is listed, since its weight is 0 too."""
    return half_up(weight * part, whole) if whole else 0


def _near_tie(ranking: tuple[str, ...], scored: dict[str, Scores]) -> tuple[str, ...]:
    """The bids of rank 1 to 3 less than 5.00 points below the first, if there are two or more."""
    near = tuple(
        bid_id
        for bid_id in ranking[:NEAR_TIE_RANKS]
        if scored[ranking[0]].total - scored[bid_id].total < NEAR_TIE_POINTS
    )
    return near if len(near) > 1 else ()
