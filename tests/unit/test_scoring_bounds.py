from dataclasses import replace

import pytest

from dps.money import Basis
from referrals.scoring import score
from referrals.scoring_terms import (
    Bid,
    CannotBeScored,
    Criteria,
    Feature,
    FeatureKind,
    LineKind,
    Marked,
    PriceLine,
    Weights,
)

NONE = Weights(
    price=50_00,
    outcomes=25_00,
    needs=0,
    features=0,
    location=5_00,
    core_competency=20_00,
    incentive=0,
)
PLAIN = Criteria("WSX-2026-000001", NONE, 38, outcomes=(Marked("safe", 1),))
OFFER = Bid(
    id="mine",
    price_lines=(PriceLine(LineKind.CORE, Basis.WEEK, 1000_00),),
    discount=0,
    distance=9_99,
    needs_met=(),
    features_met=(),
    outcome_grades={"safe": 4},
    core_competency=80_00,
)


def yearly(pence):
    return (PriceLine(LineKind.CORE, Basis.YEAR, pence),)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"id": ""}, "id", "Use 1 to 64 of letters, digits, - and _"),
        ({"id": "a" * 65}, "id", "Use 1 to 64 of letters, digits, - and _"),
        ({"id": "é"}, "id", "Use 1 to 64 of letters, digits, - and _"),
        ({"id": "a\n"}, "id", "Use 1 to 64 of letters, digits, - and _"),
        ({"id": "first"}, "id", "Another bid has this id"),
        ({"price_lines": ()}, "price_lines", "There must be at least one line"),
        ({"price_lines": yearly(-1)}, "price_lines[0].amount", "It must be 0 to 9999999.99"),
        ({"price_lines": yearly(10**9)}, "price_lines[0].amount", "It must be 0 to 9999999.99"),
        ({"price_lines": yearly(0)}, "price_lines", "The annual price must be above 0"),
        ({"discount": 100_00}, "discount_percent", "The annual price must be above 0"),
        ({"discount": 100_01}, "discount_percent", "It must be 0 to 100.00"),
        ({"distance": -1}, "distance_miles", "The distance must not be below 0"),
        ({"needs_met": ("x",)}, "needs_met[0]", "Nothing with this key was asked"),
        ({"features_met": ("x",)}, "features_met[0]", "Nothing with this key was asked"),
        ({"core_competency": 100_01}, "core_competency", "It must be 0 to 100.00"),
        ({"outcome_grades": {}}, "outcome_grades.safe", "This outcome has no grade"),
        (
            {"outcome_grades": {"safe": 1, "x\n": 1}},
            "outcome_grades.x\\n",
            "There is no such outcome",
        ),
        (
            {"outcome_grades": {"safe": 6}},
            "outcome_grades.safe",
            "The grade must be a whole number from 0 to 5",
        ),
        (
            {"incentive_grade": 0},
            "incentive_grade",
            "It must be null, because the incentive has no weight",
        ),
    ],
)
def test_a_bid_out_of_bounds_is_refused_at_its_field(change, field, words):
    with pytest.raises(CannotBeScored) as refusal:
        score(PLAIN, [replace(OFFER, id="first"), replace(OFFER, **change)])

    assert (refusal.value.field, str(refusal.value)) == (f"bids[1].{field}", words)


def test_a_bid_on_every_bound_is_scored():
    at_most = replace(
        OFFER,
        id="A-z_0" + "9" * 59,
        price_lines=yearly(9_999_999_99),
        core_competency=100_00,
        outcome_grades={"safe": 5},
        distance=10**9,
    )
    at_least = replace(OFFER, id="a", core_competency=0, outcome_grades={"safe": 0}, distance=0)

    scored = score(PLAIN, [at_most, at_least])

    assert [r.scores.quality for r in scored.results] == [45_00, 5_00]


@pytest.mark.parametrize("grade", [None, -1, 6])
def test_an_incentive_with_a_weight_needs_a_grade(grade):
    criteria = replace(PLAIN, weights=replace(NONE, outcomes=20_00, incentive=5_00))

    with pytest.raises(CannotBeScored) as refusal:
        score(criteria, [replace(OFFER, incentive_grade=grade)])

    assert refusal.value.field == "bids[0].incentive_grade"
    assert score(criteria, [replace(OFFER, incentive_grade=3)]).results[0].scores.incentive == 3_00


def test_ticks_are_refused_twice():
    criteria = Criteria(
        "W",
        replace(NONE, outcomes=20_00, needs=5_00),
        39,
        needs=(Marked("n", 1),),
        outcomes=PLAIN.outcomes,
    )

    with pytest.raises(CannotBeScored) as refusal:
        score(criteria, [replace(OFFER, needs_met=("n", "n"))])

    assert refusal.value.field == "bids[0].needs_met[1]"


def test_no_bid_at_all_is_refused():
    with pytest.raises(CannotBeScored) as refusal:
        score(PLAIN, [])

    assert refusal.value.field == "bids"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"price": 29_99}, "price", "The weight must be 30.00 to 70.00"),
        ({"price": 70_01}, "price", "The weight must be 30.00 to 70.00"),
        ({"location": 5_01}, "location", "The weight must be 0.00 to 5.00"),
        ({"core_competency": 20_01}, "core_competency", "The weight must be 0.00 to 20.00"),
        ({"incentive": -1}, "incentive", "The weight must be 0.00 to 100.00"),
        ({"outcomes": 24_99}, "", "The weights add up to 99.99, not 100"),
        ({"outcomes": 25_01}, "", "The weights add up to 100.01, not 100"),
    ],
)
def test_weights_out_of_bounds_are_refused(changes, field, words):
    with pytest.raises(CannotBeScored) as refusal:
        replace(NONE, **changes)

    assert (refusal.value.field, str(refusal.value)) == (field, words)


DESIRABLE = Feature("f", 1, FeatureKind.DESIRABLE, is_essential=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weeks_per_year": 0}, "weeks_per_year"),
        ({"weeks_per_year": 54}, "weeks_per_year"),
        ({"needs": (Marked("a", 0),)}, "needs[0].marks"),
        ({"needs": (Marked("a", 101),)}, "needs[0].marks"),
        ({"outcomes": (Marked("a", 1), Marked("a", 2))}, "outcomes[1].key"),
        ({"features": (DESIRABLE,)}, "features[0].essential"),
        ({"outcomes": ()}, "weights.outcomes"),
        ({"weights": replace(NONE, outcomes=20_00, needs=5_00)}, "weights.needs"),
        ({"weights": replace(NONE, outcomes=20_00, features=5_00)}, "weights.features"),
    ],
)
def test_criteria_that_do_not_fit_are_refused(changes, field):
    given_ = {
        "reference": "W",
        "weights": NONE,
        "weeks_per_year": 39,
        "outcomes": (Marked("a", 1),),
    }

    with pytest.raises(CannotBeScored) as refusal:
        Criteria(**(given_ | changes))

    assert refusal.value.field == field
