"""Totals, shares of drivers, caps and discounts, against exact fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.money import MOST_PENCE, Basis
from qualification.caps import CapOf, verdicts
from qualification.core_costs import (
    CostEntry,
    Driver,
    Stay,
    Totals,
    shares,
    stay_for,
    totals,
    ways,
)
from qualification.discounts import (
    WHOLE,
    DiscountFalls,
    DiscountKind,
    Step,
    WrongDiscount,
    checked,
    discount_for,
    discounted,
    percent_words,
)
from qualification.models.rules import CostDriver
from qualification.shipped import CATEGORIES
from qualification.shipped_costs import HEADS, SEN_HEADS

AMOUNTS = st.integers(0, MOST_PENCE)
ENTRIES = st.lists(
    st.builds(
        CostEntry,
        st.sampled_from(["a", "b", "c"]),
        AMOUNTS,
        st.sampled_from(Basis),
        st.sampled_from([None, *Driver]),
    ),
    max_size=20,
)
TIMES = {Basis.MONTH: 12, Basis.YEAR: 1}
STEPS = st.lists(
    st.builds(Step, st.sampled_from(DiscountKind), st.integers(0, 101), st.integers(-1, 100_01)),
    max_size=8,
)


@given(ENTRIES, st.integers(1, 53))
def test_totals_are_those_of_exact_fractions(entries, weeks):
    year = sum(Fraction(e.amount_pence) * TIMES.get(e.basis, weeks) for e in entries)

    found = totals(entries, weeks=weeks)

    assert found.year_pence == year
    assert abs(found.week_pence - year / weeks) <= Fraction(1, 2)
    assert found.week_pence - year / weeks > Fraction(-1, 2) or found.week_pence > year / weeks


@given(ENTRIES, st.integers(1, 53))
def test_the_shares_of_drivers_make_up_the_year(entries, weeks):
    found = shares(entries, weeks=weeks)
    year = totals(entries, weeks=weeks).year_pence

    assert sum(each.year_pence for each in found) == year
    assert [each.year_pence for each in found] == sorted(
        (each.year_pence for each in found), reverse=True
    )
    for each in found:
        assert abs(each.part - Fraction(each.year_pence * 10_000, year)) <= Fraction(1, 2)


@given(AMOUNTS, st.integers(1, MOST_PENCE))
def test_at_a_cap_is_within_it_and_a_penny_above_is_not(over, cap):
    common, of_kent = verdicts(cap + over, [CapOf("Kent", cap), CapOf("", cap)])

    assert (common.council, of_kent.council) == ("", "Kent")
    assert (common.fails, of_kent.fails) == (over > 0, False)
    assert common.verdict.over_pence == over


FAILS = """
    With these costs the application fails: they are £0.01 a year above the cap of £50,000.00 that
    all councils share.
"""
NOT_INVITED = """
    You can join, but Kent cannot invite you: your core costs are £0.01 a year above its cap of
    £50,000.00.
"""
WITHIN = "Kent’s cap is £50,000.01 a year. Your core costs are within it."


@pytest.mark.parametrize(
    ("cap", "words"),
    [
        (CapOf("", 50_000_00), FAILS),
        (CapOf("Kent", 50_000_00), NOT_INVITED),
        (CapOf("Kent", 50_000_01), WITHIN),
    ],
)
def test_a_cap_says_what_it_does(cap, words):
    (effect,) = verdicts(50_000_01, [cap])

    assert effect.words == " ".join(words.split())


@given(STEPS)
def test_what_is_accepted_never_gives_more_children_less(steps):
    try:
        kept = checked(steps)
    except (WrongDiscount, DiscountFalls):
        return
    assert sorted(kept) == sorted(steps)
    for kind in DiscountKind:
        off = [discount_for(kept, kind, children) for children in range(120)]
        assert off == sorted(off)
        assert off[:2] == [0, 0]
        assert set(off) <= {0, *(step.percent for step in kept if step.kind is kind)}


@given(STEPS)
def test_what_is_refused_is_wrong_in_itself(steps):
    """The opposite: nothing that makes sense is refused."""
    in_bounds = all(2 <= s.from_children <= 99 and 0 < s.percent <= WHOLE for s in steps)
    numbers = [(s.kind, s.from_children) for s in steps]
    rising = all(
        a.percent <= b.percent
        for a in steps
        for b in steps
        if a.kind is b.kind and a.from_children < b.from_children
    )
    makes_sense = in_bounds and len(set(numbers)) == len(numbers) and rising
    try:
        checked(steps)
    except (WrongDiscount, DiscountFalls):
        assert not makes_sense
    else:
        assert makes_sense


@given(AMOUNTS, st.integers(0, WHOLE))
def test_what_is_left_is_rounded_half_up_once(pence, percent):
    exact = Fraction(pence) * (WHOLE - percent) / WHOLE

    left = discounted(pence, percent)

    assert -Fraction(1, 2) < left - exact <= Fraction(1, 2)


def test_a_discount_that_falls_says_where():
    siblings = DiscountKind.SIBLINGS

    with pytest.raises(DiscountFalls) as refused:
        checked([Step(siblings, 3, 4_50), Step(siblings, 2, 5_00)])

    assert refused.value.message == (
        "Brothers and sisters: from 3 children on the discount is 4.5%, less than the 5% from 2"
        " children on. It must not become smaller"
    )
    assert refused.value.field == "siblings:3"


def test_percents_in_words():
    assert [percent_words(n) for n in (5, 50, 12_50, 100_00)] == ["0.05%", "0.5%", "12.5%", "100%"]


def test_every_category_has_a_schedule_that_its_rows_can_hold():
    assert list(HEADS) == [each.code for each in CATEGORIES]
    assert len(SEN_HEADS) == 9
    assert {each.value: each.value for each in Driver} == {
        each.value: str(each) for each in CostDriver
    }
    for heads in HEADS.values():
        assert len({each.code for each in heads}) == len(heads)
        assert all(each.schedule and len(each.schedule) <= 60 for each in heads)
        assert all(len(each.title) <= 120 and len(each.guidance) <= 200 for each in heads)
        assert any(not each.is_optional for each in heads)


COMMON = CostEntry("premises", 10_000_00, Basis.YEAR)
WEEKLY = CostEntry("supplies", 100_00, Basis.WEEK)
TERMS = CostEntry("residential_terms", 2_000_00, Basis.WEEK, stay=Stay.TERMS)
ALL_YEAR = CostEntry("residential_all_year", 2_500_00, Basis.WEEK, stay=Stay.ALL_YEAR)


def test_two_residential_schedules_are_alternatives_and_never_added():
    found = ways([COMMON, WEEKLY, TERMS, ALL_YEAR], weeks=52)

    assert [(each.stay, each.entries, each.totals) for each in found] == [
        (Stay.ALL_YEAR, (COMMON, WEEKLY, ALL_YEAR), Totals(52, 145_200_00, 2_792_31)),
        (Stay.TERMS, (COMMON, WEEKLY, TERMS), Totals(38, 89_800_00, 2_363_16)),
    ]
    assert totals([COMMON, WEEKLY, TERMS, ALL_YEAR], weeks=52) == found[0].totals


def test_a_single_schedule_counts_in_its_own_weeks_and_none_in_those_of_the_category():
    (terms,) = ways([COMMON, TERMS], weeks=52)
    (plain,) = ways([COMMON, WEEKLY], weeks=38)

    assert (terms.stay, terms.totals.weeks, terms.totals.year_pence) == (
        Stay.TERMS,
        38,
        86_000_00,
    )
    assert (plain.stay, plain.totals) == (None, Totals(38, 13_800_00, 363_16))


@pytest.mark.parametrize(
    ("filled", "weeks", "expected"),
    [
        ({Stay.TERMS, Stay.ALL_YEAR}, 41, Stay.TERMS),
        ({Stay.TERMS, Stay.ALL_YEAR}, 42, Stay.ALL_YEAR),
        ({Stay.TERMS}, 52, Stay.TERMS),
        ({Stay.ALL_YEAR}, 38, Stay.ALL_YEAR),
        (set(), 52, None),
    ],
)
def test_a_place_falls_under_the_schedule_of_its_weeks(filled, weeks, expected):
    assert stay_for(filled, weeks) is expected
