"""What a placement agreement works out: yearly totals, start, reviews."""

from datetime import date

import pytest

from contracts.terms import Price, PriceRow, price_of, review_dates, start_of
from dps.money import Basis
from referrals.bid_content import BidContent, BidLine
from referrals.scoring_terms import LineKind


def test_price_of_lists_each_line_with_its_year_and_takes_the_discount_off():
    content = BidContent(
        lines=(
            BidLine(LineKind.CORE, "staffing", "Core staffing", Basis.YEAR, 30_000_00, 30_000_00),
            BidLine(LineKind.CORE, "food", "Food", Basis.MONTH, 100_00, 120_00),
            BidLine(LineKind.VARIABLE, "v1", "Taxi", Basis.WEEK, 200_00),
        ),
        discount=2_50,
    )
    year = content.annual_price(38)

    assert price_of(content, weeks=38, year=year) == Price(
        core=(
            PriceRow("Core staffing", 30_000_00, "year", 30_000_00),
            PriceRow("Food", 100_00, "month", 1_200_00),
        ),
        variable=(PriceRow("Taxi", 200_00, "week", 7_600_00),),
        core_year=31_200_00,
        variable_year=7_600_00,
        discount=970_00,
        discount_percent=2_50,
        year=37_830_00,
        weeks=38,
    )


@pytest.mark.parametrize(
    ("wanted", "possible", "start"),
    [
        (date(2027, 1, 4), date(2026, 12, 1), date(2027, 1, 4)),
        (date(2027, 1, 4), date(2027, 2, 1), date(2027, 2, 1)),
        (date(2027, 1, 4), None, date(2027, 1, 4)),
        (None, date(2027, 2, 1), date(2027, 2, 1)),
        (None, None, date(2026, 11, 30)),
    ],
)
def test_start_is_as_wanted_but_not_before_it_is_possible(wanted, possible, start):
    assert start_of(wanted, possible, agreed=date(2026, 11, 30)) == start


@pytest.mark.parametrize(
    ("start", "reviews"),
    [
        (date(2027, 1, 15), (date(2027, 2, 26), date(2027, 7, 15), date(2028, 1, 15))),
        (date(2026, 8, 31), (date(2026, 10, 12), date(2027, 2, 28), date(2027, 8, 31))),
        (date(2027, 8, 31), (date(2027, 10, 12), date(2028, 2, 29), date(2028, 8, 31))),
        (date(2028, 2, 29), (date(2028, 4, 11), date(2028, 8, 29), date(2029, 2, 28))),
        (date(9998, 12, 31), (date(9999, 2, 11), date(9999, 6, 30), date(9999, 12, 31))),
        (date(9999, 6, 15), (date(9999, 7, 27), date(9999, 12, 15), date.max)),
        (date.max, (date.max, date.max, date.max)),
    ],
)
def test_reviews_fall_on_the_same_day_or_the_last_of_the_month(start, reviews):
    assert review_dates(start) == reviews
