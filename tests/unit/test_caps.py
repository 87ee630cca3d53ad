"""Affordability caps: at the cap passes, and everybody is on one side of it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.money import MOST_PENCE
from qualification.caps import CapVerdict, Costing, sift, verdict

pence = st.integers(min_value=0, max_value=10 * MOST_PENCE)
cap = st.integers(min_value=1, max_value=MOST_PENCE)


def costing(number, year_pence):
    return Costing(UUID(int=number), f"School {number}", "Kent", year_pence)


@pytest.mark.parametrize(
    ("year", "limit", "passed", "over"),
    [
        (50_000_00, 50_000_00, True, 0),
        (50_000_01, 50_000_00, False, 1),
        (49_999_99, 50_000_00, True, 0),
        (0, 1, True, 0),
        (50_000_00, None, True, 0),
    ],
)
def test_exactly_at_the_cap_passes(year, limit, passed, over):
    found = verdict(year, limit)

    assert (found, found.passed, found.over_pence) == (CapVerdict(year, limit), passed, over)


def test_words_say_what_would_put_it_right():
    assert verdict(50_000_01, 50_000_00).words == (
        "Core costs of £50,000.01 a year are £0.01 above the cap of £50,000.00."
    )
    assert verdict(5, 6).words == "Core costs of £0.05 a year are within the cap of £0.06."
    assert verdict(5, None).words == "There is no cap on core costs."


@pytest.mark.parametrize(("year", "limit"), [(-1, None), (1, 0), (1, -5)])
def test_what_cannot_be_is_refused(year, limit):
    with pytest.raises(ValueError, match="nothing"):
        verdict(year, limit)


@given(year=pence, limit=cap)
def test_a_verdict_is_the_comparison_and_nothing_else(year, limit):
    found = verdict(year, limit)

    assert found.passed == (year <= limit)
    assert found.over_pence == max(0, year - limit)


@given(years=st.lists(pence, max_size=30), limit=cap)
def test_sifting_loses_nobody_and_puts_the_dearest_first(years, limit):
    everybody = [costing(number, year) for number, year in enumerate(years)]
    found = sift(everybody, limit)

    assert sorted([*found.above, *found.within], key=lambda each: each.establishment_id.int) == (
        everybody
    )
    assert found.total == len(years)
    assert [each.year_pence for each in found.above] == sorted(
        (year for year in years if year > limit), reverse=True
    )


@given(years=st.lists(pence, max_size=30), limit=cap, more=st.integers(0, 10**9))
def test_a_higher_cap_leaves_out_no_more(years, limit, more):
    everybody = [costing(number, year) for number, year in enumerate(years)]

    assert set(sift(everybody, limit + more).above) <= set(sift(everybody, limit).above)
