from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.limits import (
    Eligible,
    EstablishmentFacts,
    Limit,
    NoLimitChosen,
    NotEligible,
    RadiusOutOfRange,
    Reason,
    decide,
)

TWENTY_MILES = Limit(radius_miles=20)
NEAR = EstablishmentFacts(area="Kent", distance=2000)


def test_inside_the_radius_is_invited():
    assert decide(TWENTY_MILES, NEAR) == Eligible()


@pytest.mark.parametrize(
    ("facts", "reason", "words"),
    [
        ({"is_closed": True}, Reason.CLOSED, "It has closed"),
        (
            {"is_procured": False},
            Reason.NOT_PROCURED,
            "Places there are not bought: it is a maintained school or an academy",
        ),
        (
            {"is_qualified": False},
            Reason.NOT_QUALIFIED,
            "It is not qualified in this category",
        ),
        ({"is_suspended": True}, Reason.SUSPENDED, "It is suspended from new referrals"),
        (
            {"core_price": 50_000_01, "authority_cap": 50_000_00},
            Reason.ABOVE_CAP,
            "Its core costs, £50,000.01 a year, are above the council’s cap of £50,000.00",
        ),
        ({"distance": None}, Reason.PLACE_UNKNOWN, "We do not know how far away it is"),
        (
            {"distance": 2001},
            Reason.OUTSIDE_LIMIT,
            "It is 20.01 miles away, outside the limit of 20 miles",
        ),
    ],
)
def test_one_reason_keeps_an_establishment_out(facts, reason, words):
    assert decide(TWENTY_MILES, replace(NEAR, **facts)) == NotEligible(reason, words)


def test_the_first_reason_is_the_one_recorded():
    causes = {
        "is_closed": True,
        "is_procured": False,
        "is_qualified": False,
        "is_suspended": True,
        "core_price": 2,
        "authority_cap": 1,
        "distance": 9999,
    }
    reasons = []
    for lifted in causes:
        reasons.append(decide(TWENTY_MILES, replace(NEAR, **causes)).reason)
        causes = causes | {lifted: getattr(NEAR, lifted)}

    # The cap takes two facts; lifting the price lifts it.
    assert list(dict.fromkeys(reasons)) == [
        Reason.CLOSED,
        Reason.NOT_PROCURED,
        Reason.NOT_QUALIFIED,
        Reason.SUSPENDED,
        Reason.ABOVE_CAP,
        Reason.OUTSIDE_LIMIT,
    ]


def test_a_core_price_at_the_cap_is_not_above_it():
    assert decide(TWENTY_MILES, replace(NEAR, core_price=5, authority_cap=5)) == Eligible()
    assert decide(TWENTY_MILES, replace(NEAR, core_price=5)) == Eligible()
    assert decide(TWENTY_MILES, replace(NEAR, authority_cap=5)) == Eligible()


def test_either_the_radius_or_an_area_is_enough():
    both = Limit(radius_miles=10, areas=frozenset({"Kent"}))

    assert decide(both, NEAR) == Eligible()
    assert decide(both, replace(NEAR, area="Essex", distance=1000)) == Eligible()
    assert decide(both, replace(NEAR, distance=None)) == Eligible()
    assert decide(both, replace(NEAR, area="Essex")) == NotEligible(
        Reason.OUTSIDE_LIMIT,
        "It is 20.00 miles away, outside the limit of 10 miles, and not in a chosen authority area",
    )
    assert decide(both, replace(NEAR, area="Essex", distance=None)) == NotEligible(
        Reason.PLACE_UNKNOWN,
        "We do not know how far away it is, and not in a chosen authority area",
    )


def test_areas_alone_do_not_look_at_the_distance():
    kent = Limit(areas=frozenset({"Kent"}))

    assert decide(kent, replace(NEAR, distance=None)) == Eligible()
    assert decide(kent, replace(NEAR, area="Essex", distance=1)) == NotEligible(
        Reason.OUTSIDE_LIMIT, "It is not in a chosen authority area"
    )


def test_a_limit_needs_a_radius_or_an_area():
    with pytest.raises(NoLimitChosen) as refusal:
        Limit()

    assert refusal.value.field == "radius_miles"


@pytest.mark.parametrize("miles", [0, -1, 501])
def test_a_radius_has_bounds(miles):
    with pytest.raises(RadiusOutOfRange):
        Limit(radius_miles=miles)


def test_the_bounds_themselves_are_allowed():
    assert (Limit(radius_miles=1).radius_miles, Limit(radius_miles=500).radius_miles) == (1, 500)


@given(st.integers(1, 499), st.one_of(st.none(), st.integers(0, 60_000)), st.sampled_from("ABC"))
def test_widening_a_limit_never_loses_an_establishment(miles, distance, area):
    narrow = Limit(radius_miles=miles)
    facts = EstablishmentFacts(area=area, distance=distance)

    if decide(narrow, facts) == Eligible():
        assert decide(Limit(radius_miles=miles + 1), facts) == Eligible()
        assert decide(Limit(radius_miles=miles, areas=frozenset("B")), facts) == Eligible()
