from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.working_days import add_working_days, bank_holidays, easter, is_working_day

days = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "sunday",
    [
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2019, 4, 21),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ],
)
def test_easter_is_where_the_tables_put_it(sunday):
    assert easter(sunday.year) == sunday


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2020, ["01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-28"]),
        (2021, ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"]),
        (
            2022,
            [
                "01-03",
                "04-15",
                "04-18",
                "05-02",
                "06-02",
                "06-03",
                "08-29",
                "09-19",
                "12-26",
                "12-27",
            ],
        ),
        (2023, ["01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"]),
        (2026, ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]),
        (2027, ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]),
    ],
)
def test_bank_holidays_are_those_of_england(year, expected):
    assert [f"{day:%m-%d}" for day in sorted(bank_holidays(year))] == expected


def test_working_days_skip_weekends_and_holidays():
    before_easter = date(2026, 4, 2)

    assert add_working_days(before_easter, 1) == date(2026, 4, 7)
    assert add_working_days(before_easter, 8) == date(2026, 4, 16)
    assert add_working_days(before_easter, 0) == before_easter


def test_further_closed_days_do_not_count():
    closed = {date(2026, 4, 7)}

    assert add_working_days(date(2026, 4, 2), 1, closed=closed) == date(2026, 4, 8)
    assert not is_working_day(date(2026, 4, 7), closed=closed)


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 4, 2), -1)


@given(days, st.integers(1, 30))
def test_the_count_comes_out_again(day, count):
    last = add_working_days(day, count)
    passed = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]

    assert is_working_day(last)
    assert sum(map(is_working_day, passed)) == count
