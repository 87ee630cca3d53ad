"""What a referral asks and what a bid offers, as scoring sees them, and their bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Self

from dps.hundredths import show_hundredths
from dps.money import MOST_PENCE, MOST_WEEKS, Basis
from dps.refusals import NotUnderstood

FULL_WEIGHT = 100_00
FULL_PERCENT = 100_00
HIGHEST_GRADE = 5
HIGHEST_MARKS = 100

_BID_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class CannotBeScored(NotUnderstood):
    """A weight, a mark, a grade or a price is out of bounds; ``field`` says where it stands."""

    message = "These figures cannot be scored"

    def inside(self, place: str) -> Self:
        """The same refusal, its field written as part of a larger place."""
        joint = "." if self.field and not self.field.startswith("[") else ""
        return type(self)(self.message, field=f"{place}{joint}{self.field}")


@dataclass(frozen=True, slots=True)
class Weights:
    """
    Hundredths of a percentage point by criterion; together exactly 100.00 (BC 8.5, 8.7).

    :raises CannotBeScored: one is out of its bounds, or they do not add up.
    """

    price: int
    outcomes: int
    needs: int
    features: int
    location: int
    core_competency: int
    incentive: int

    def __post_init__(self) -> None:
        for name, (least, most) in WEIGHT_BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                bounds = f"{show_hundredths(least)} to {show_hundredths(most)}"
                raise CannotBeScored(f"The weight must be {bounds}", field=name)
        total = sum(getattr(self, each.name) for each in fields(self))
        if total != FULL_WEIGHT:
            raise CannotBeScored(f"The weights add up to {show_hundredths(total)}, not 100")


WEIGHT_BOUNDS: Mapping[str, tuple[int, int]] = {
    "price": (30_00, 70_00),
    "outcomes": (0, FULL_WEIGHT),
    "needs": (0, FULL_WEIGHT),
    "features": (0, FULL_WEIGHT),
    "location": (0, 5_00),
    "core_competency": (0, 20_00),
    "incentive": (0, FULL_WEIGHT),
}


class FeatureKind(StrEnum):
    MUST_HAVE = "must_have"
    DESIRABLE = "desirable"


class LineKind(StrEnum):
    """Carried forward from qualification, or priced for this child."""

    CORE = "core"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class Marked:
    """A need or a desired outcome, with its marks."""

    key: str
    marks: int


@dataclass(frozen=True, slots=True)
class Feature(Marked):
    """A feature; an essential one is pass or fail, and always a must-have."""

    kind: FeatureKind = FeatureKind.DESIRABLE
    is_essential: bool = False


@dataclass(frozen=True)
class Criteria:
    """
    What a referral was issued with; the totals of its marks are counted once.

    :raises CannotBeScored: marks, keys, weeks or weights do not fit each other.
    """

    reference: str
    weights: Weights
    weeks_per_year: int
    needs: tuple[Marked, ...] = ()
    features: tuple[Feature, ...] = ()
    outcomes: tuple[Marked, ...] = ()
    need_marks: Mapping[str, int] = field(init=False, repr=False)
    feature_marks: Mapping[str, int] = field(init=False, repr=False)
    outcome_marks: Mapping[str, int] = field(init=False, repr=False)
    all_need_marks: int = field(init=False, repr=False)
    all_feature_marks: int = field(init=False, repr=False)
    all_outcome_marks: int = field(init=False, repr=False)
    essential_keys: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._refuse_unless_in_bounds()
        lists = {"need": self.needs, "feature": self.features, "outcome": self.outcomes}
        for name, listed in lists.items():
            marks = {each.key: each.marks for each in listed}
            object.__setattr__(self, f"{name}_marks", marks)
            object.__setattr__(self, f"all_{name}_marks", sum(marks.values()))
        essential = frozenset(each.key for each in self.features if each.is_essential)
        object.__setattr__(self, "essential_keys", essential)

    def _refuse_unless_in_bounds(self) -> None:
        if not 1 <= self.weeks_per_year <= MOST_WEEKS:
            words = f"The weeks a year must be a whole number from 1 to {MOST_WEEKS}"
            raise CannotBeScored(words, field="weeks_per_year")
        _refuse_marks(self.needs, "needs")
        _refuse_marks(self.features, "features")
        _refuse_marks(self.outcomes, "outcomes")
        for index, feature in enumerate(self.features):
            if feature.is_essential and feature.kind is not FeatureKind.MUST_HAVE:
                words = "Only a must-have feature can be essential"
                raise CannotBeScored(words, field=f"features[{index}].essential")
        for name in ("needs", "features", "outcomes"):
            if getattr(self.weights, name) and not getattr(self, name):
                words = f"The weight must be 0, because no {name} are listed"
                raise CannotBeScored(words, field=f"weights.{name}")


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a bid's price, in pence."""

    kind: LineKind
    basis: Basis
    amount: int


@dataclass(frozen=True, slots=True)
class Bid:
    """
    One establishment's offer.

    ``discount`` is hundredths of a per cent, ``distance`` hundredths of a mile,
    ``core_competency`` hundredths of a point 0-100; grades are 0-5, the consensus of evaluators.
    """

    id: str
    price_lines: tuple[PriceLine, ...]
    discount: int
    distance: int
    needs_met: tuple[str, ...]
    features_met: tuple[str, ...]
    outcome_grades: Mapping[str, int]
    core_competency: int
    incentive_grade: int | None = None


def refuse_unless_scorable(criteria: Criteria, bids: Sequence[Bid]) -> None:
    """
    Let bids pass that fit the criteria.

    :raises CannotBeScored: there is none, two have one id, or one is out of bounds.
    """
    if not bids:
        raise CannotBeScored("There must be at least one bid", field="bids")
    seen: set[str] = set()
    for index, bid in enumerate(bids):
        try:
            _refuse_bid(criteria, bid)
            if bid.id in seen:
                raise CannotBeScored("Another bid has this id", field="id")
        except CannotBeScored as refusal:
            raise refusal.inside(f"bids[{index}]") from None
        seen.add(bid.id)


def _refuse_bid(criteria: Criteria, bid: Bid) -> None:
    if not _BID_ID.fullmatch(bid.id):
        raise CannotBeScored("Use 1 to 64 of letters, digits, - and _", field="id")
    if not bid.price_lines:
        raise CannotBeScored("There must be at least one line", field="price_lines")
    for index, line in enumerate(bid.price_lines):
        _refuse_outside(line.amount, MOST_PENCE, f"price_lines[{index}].amount")
    _refuse_outside(bid.discount, FULL_PERCENT, "discount_percent")
    if bid.distance < 0:
        raise CannotBeScored("The distance must not be below 0", field="distance_miles")
    _refuse_ticks(bid.needs_met, criteria.need_marks, "needs_met")
    _refuse_ticks(bid.features_met, criteria.feature_marks, "features_met")
    _refuse_outside(bid.core_competency, FULL_PERCENT, "core_competency")
    _refuse_grades(criteria, bid)


def _refuse_grades(criteria: Criteria, bid: Bid) -> None:
    for key in sorted(criteria.outcome_marks.keys() ^ bid.outcome_grades.keys()):
        is_missing = key in criteria.outcome_marks
        words = "This outcome has no grade" if is_missing else "There is no such outcome"
        raise CannotBeScored(words, field=f"outcome_grades.{printable(key)}")
    for key, grade in bid.outcome_grades.items():
        if not 0 <= grade <= HIGHEST_GRADE:
            raise CannotBeScored(_GRADE, field=f"outcome_grades.{printable(key)}")
    grade_or_none = bid.incentive_grade
    if not criteria.weights.incentive:
        if grade_or_none is not None:
            words = "It must be null, because the incentive has no weight"
            raise CannotBeScored(words, field="incentive_grade")
    elif grade_or_none is None or not 0 <= grade_or_none <= HIGHEST_GRADE:
        raise CannotBeScored(_GRADE, field="incentive_grade")


_GRADE = f"The grade must be a whole number from 0 to {HIGHEST_GRADE}"


def _refuse_outside(number: int, most: int, name: str) -> None:
    if not 0 <= number <= most:
        raise CannotBeScored(f"It must be 0 to {show_hundredths(most)}", field=name)


def _refuse_ticks(ticked: Sequence[str], known: Mapping[str, int], name: str) -> None:
    seen: set[str] = set()
    for index, key in enumerate(ticked):
        if key not in known:
            raise CannotBeScored("Nothing with this key was asked", field=f"{name}[{index}]")
        if key in seen:
            raise CannotBeScored("This key is there twice", field=f"{name}[{index}]")
        seen.add(key)


def _refuse_marks(listed: Iterable[Marked], name: str) -> None:
    seen: set[str] = set()
    for index, each in enumerate(listed):
        if not 1 <= each.marks <= HIGHEST_MARKS:
            words = f"The marks must be a whole number from 1 to {HIGHEST_MARKS}"
            raise CannotBeScored(words, field=f"{name}[{index}].marks")
        if each.key in seen:
            raise CannotBeScored("This key is there twice", field=f"{name}[{index}].key")
        seen.add(each.key)


def printable(key: str) -> str:
    """A key as it can stand in a one-line message: ASCII, and not too long."""
    return ascii(key[:60])[1:-1]
