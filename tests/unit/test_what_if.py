"""What a higher qualification score would have changed: exact, and silent where it tells much."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.what_if import Compared, More, WhatIf, leading, what_if, would_lead

# Weight 20, score 60: 12.00 points. One point of quality short of the winner.
CLOSE = Compared(
    won=False,
    weight=20_00,
    competency=60_00,
    total=70_00,
    quality=40_00,
    winner_total=71_00,
    winner_quality=45_00,
)
FAR = replace(CLOSE, winner_total=90_00)
WON = Compared(won=True)


@pytest.mark.parametrize(
    ("more", "leads"),
    [(5_00, False), (5_05, True), (10_00, True)],
)
def test_five_points_more_are_one_point_of_twenty(more, leads):
    """1.00 more makes 71.00 against 71.00: quality decides, 41.00 against 45.00."""
    assert would_lead(CLOSE, more) is leads


def test_equal_points_lead_with_higher_quality_and_not_where_price_would_decide():
    assert would_lead(replace(CLOSE, winner_quality=40_99), 5_00)
    assert not would_lead(replace(CLOSE, winner_quality=41_00), 5_00)


def test_the_points_of_the_score_are_rounded_half_up_as_scoring_does():
    """Weight 0.10, score 45 is 0.045 points: 0.05 half up; 50 is 0.05 too, so nothing is gained."""
    light = replace(CLOSE, weight=10, competency=45_00, total=70_99, quality=40_99)

    assert not would_lead(light, 5_00)
    assert not would_lead(replace(light, winner_total=70_99, winner_quality=40_99), 5_00)
    assert would_lead(replace(light, winner_total=70_99, winner_quality=40_98), 5_00)


def test_a_score_does_not_rise_above_100():
    top = replace(CLOSE, competency=98_00)

    assert not would_lead(top, 20_00)
    assert would_lead(replace(top, winner_total=70_40, winner_quality=40_39), 20_00)


def test_what_a_parent_chose_or_was_set_aside_is_not_won_by_points():
    assert not would_lead(replace(CLOSE, by_choice=True), 20_00)
    assert not would_lead(Compared(won=False), 20_00)


def test_each_step_counts_the_bids_that_would_have_led():
    bids = [WON, *[CLOSE] * 3, FAR, FAR]

    assert what_if(bids) == WhatIf(
        bids=6,
        lost=5,
        steps=(More(5_00, 0), More(10_00, 3), More(15_00, 3), More(20_00, 3)),
    )


@pytest.mark.parametrize("lost", range(5))
def test_nothing_is_told_of_fewer_than_five_lost_bids(lost):
    assert what_if([WON, *[CLOSE] * lost]) == WhatIf(bids=lost + 1, lost=lost)


def test_only_the_last_twenty_are_looked_at():
    assert what_if([WON] * 16 + [CLOSE] * 10) == WhatIf(bids=20, lost=4)


points = st.integers(0, 100_00)
bids = st.builds(
    Compared,
    won=st.booleans(),
    weight=st.integers(0, 20_00),
    competency=points,
    total=points,
    quality=points,
    winner_total=points,
    winner_quality=points,
    by_choice=st.booleans(),
)


@given(st.lists(bids, max_size=25))
def test_more_points_never_lead_in_fewer(given_bids):
    told = what_if(given_bids)
    numbers = [each.number for each in told.steps]

    assert numbers == sorted(numbers)
    assert all(number <= told.lost <= told.bids <= 20 for number in numbers)
    assert bool(numbers) == (told.lost >= 5)


@given(bids, st.integers(0, 100_00))
def test_the_gain_agrees_with_exact_fractions(bid, more):
    def exact(score):
        return int(Fraction(bid.weight * score, 100_00) + Fraction(1, 2))

    gain = exact(min(100_00, bid.competency + more)) - exact(bid.competency)
    mine = (bid.total + gain, bid.quality + gain)
    leads = bool(bid.weight) and not bid.by_choice
    assert would_lead(bid, more) == (leads and mine > (bid.winner_total, bid.winner_quality))
    assert leading([bid, bid], more) == 2 * would_lead(bid, more)
