"""A bid to JSON and back, and its price."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.money import MOST_PENCE, Basis
from referrals import sealing
from referrals.bid_content import (
    BidContent,
    BidLine,
    NotABid,
    with_core_lines,
)
from referrals.scoring_terms import LineKind

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
KEYS = st.lists(st.from_regex(r"need-[1-9]", fullmatch=True), unique=True).map(tuple)
PENCE = st.integers(0, MOST_PENCE)
LINES = st.builds(
    BidLine,
    kind=st.sampled_from(LineKind),
    code=TEXT,
    title=TEXT,
    basis=st.sampled_from(Basis),
    amount=PENCE,
    carried=st.none() | PENCE,
)
BIDS = st.builds(
    BidContent,
    needs_met=KEYS,
    features_met=KEYS,
    statement=TEXT,
    family_words=TEXT,
    has_vacancy=st.none() | st.booleans(),
    earliest_start=st.none() | st.dates(),
    lines=st.lists(LINES, max_size=6).map(tuple),
    discount=st.integers(0, 100_00),
)
WEEKS = st.integers(1, 53)
TAXI = BidLine(LineKind.VARIABLE, "variable-1", "Taxi", Basis.WEEK, 200_00)
STAFF = BidLine(LineKind.CORE, "staffing", "Core staffing", Basis.YEAR, 30_000_00, 30_000_00)


@given(BIDS)
def test_a_bid_comes_back_from_its_json_as_it_was(bid):
    assert BidContent.from_json(json.loads(bid.canonical())) == bid


@given(BIDS)
def test_what_is_sealed_is_what_is_read(bid):
    text = bid.canonical()

    assert sealing.unseal(text) == bid
    # As the database keeps it: other order, other spaces, the same bid.
    shuffled = json.dumps(dict(reversed(json.loads(text).items())), indent=1)
    assert sealing.unseal(shuffled).canonical() == text


@given(BIDS, WEEKS)
def test_the_cost_for_a_year_is_the_sum_of_its_lines_less_the_discount(bid, weeks):
    times = {Basis.WEEK: weeks, Basis.MONTH: 12, Basis.YEAR: 1}
    full = sum(line.amount * times[line.basis] for line in bid.lines)

    price = bid.annual_price(weeks)

    # Half up: at most half a penny away, never below.
    assert -5_000 < full * (100_00 - bid.discount) - price * 100_00 < 5_000 or (
        full * (100_00 - bid.discount) - price * 100_00 == -5_000
    )
    assert bid.annual_price(weeks) <= full


@given(BIDS, WEEKS, st.integers(0, 5), PENCE)
def test_a_lower_line_never_costs_more(bid, weeks, at, amount):
    if at >= len(bid.lines):
        return
    line = bid.lines[at]
    lower = replace(line, amount=min(amount, line.amount))
    lines = (*bid.lines[:at], lower, *bid.lines[at + 1 :])

    assert replace(bid, lines=lines).annual_price(weeks) <= bid.annual_price(weeks)


def test_a_week_counts_so_many_times_a_year():
    bid = BidContent(lines=(STAFF, TAXI), discount=2_50)

    # (30,000 + 38 x 200) less 2.5 per cent
    assert bid.annual_price(38) == 36_660_00


def test_half_a_penny_goes_up():
    bid = BidContent(lines=(replace(TAXI, basis=Basis.YEAR, amount=1),), discount=50_00)

    assert bid.annual_price(1) == 1


def test_core_costs_follow_qualification_and_what_was_lowered_stays_lowered():
    lowered = replace(STAFF, amount=25_000_00)
    carried = (
        replace(STAFF, amount=28_000_00, carried=28_000_00),
        replace(STAFF, code="premises", amount=5_00, carried=5_00),
    )

    bid = with_core_lines(BidContent(lines=(lowered, TAXI)), carried)

    assert [line.amount for line in bid.lines] == [25_000_00, 5_00, 200_00]
    assert [line.carried for line in bid.lines] == [28_000_00, 5_00, None]


GOOD = BidContent(lines=(TAXI,), earliest_start=date(2027, 1, 4)).as_json()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"needs_met": "need-1"}, "needs_met"),
        ({"needs_met": [1]}, "needs_met"),
        ({"statement": None}, "statement"),
        ({"has_vacancy": "yes"}, "has_vacancy"),
        ({"has_vacancy": 1}, "has_vacancy"),
        ({"earliest_start": "4 January"}, "earliest_start"),
        ({"discount": True}, "discount"),
        ({"discount": 100_01}, "discount"),
        ({"discount": -1}, "discount"),
        ({"extra": 1}, "bid"),
        ({"lines": {}}, "lines"),
        ({"lines": [{}]}, "lines[0]"),
        ({"lines": [TAXI.as_json() | {"basis": "day"}]}, "lines[0]"),
        ({"lines": [TAXI.as_json() | {"kind": "other"}]}, "lines[0]"),
        ({"lines": [TAXI.as_json() | {"amount_pence": 1.5}]}, "lines[0].amount_pence"),
        ({"lines": [TAXI.as_json() | {"carried_pence": -1}]}, "lines[0].carried_pence"),
    ],
)
def test_what_is_no_bid_is_refused_with_its_place(change, field):
    with pytest.raises(NotABid) as refused:
        BidContent.from_json(GOOD | change)

    assert refused.value.field == field


@pytest.mark.parametrize("data", [None, [], "bid", 1])
def test_what_is_no_object_is_refused(data):
    with pytest.raises(NotABid):
        BidContent.from_json(data)
