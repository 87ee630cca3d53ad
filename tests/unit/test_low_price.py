import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.low_price import LowPrice, low_price

prices = st.lists(st.integers(1, 10**9), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("price", "of_all", "core", "signs"),
    [
        (49_99, (49_99, 100_00, 300_00), 0, LowPrice(below_bids=True, below_costs=False)),
        (50_00, (50_00, 100_00, 300_00), 0, LowPrice(below_bids=False, below_costs=False)),
        # Of four the middle is 150.01, and half of it 75.005.
        (75_00, (75_00, 100_01, 200_01, 900_00), 0, LowPrice(below_bids=True, below_costs=False)),
        (75_01, (75_01, 100_01, 200_01, 900_00), 0, LowPrice(below_bids=False, below_costs=False)),
        (1, (1, 10**9), 0, LowPrice(below_bids=False, below_costs=False)),
        (1, (1,), 2, LowPrice(below_bids=False, below_costs=False)),
        (1, (1,), 3, LowPrice(below_bids=False, below_costs=True)),
        (1, (9, 1, 9), 3, LowPrice(below_bids=True, below_costs=True)),
    ],
)
def test_a_price_under_half_of_the_middle_or_of_its_own_costs_is_marked(price, of_all, core, signs):
    assert low_price(price, of_all=of_all, core=core) == signs
    assert bool(signs) == (signs.below_bids or signs.below_costs)


@given(prices, st.integers(0, 10**9))
def test_order_makes_no_difference_and_a_higher_price_shows_no_new_sign(of_all, core):
    price = of_all[0]
    signs = low_price(price, of_all=of_all, core=core)

    assert low_price(price, of_all=of_all[::-1], core=core) == signs
    higher = low_price(price + 1, of_all=of_all, core=core)
    assert (higher.below_bids, higher.below_costs) <= (signs.below_bids, signs.below_costs)
    assert not higher.below_bids or signs.below_bids
