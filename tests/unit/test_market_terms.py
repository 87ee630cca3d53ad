"""What may be changed of a market's terms: its period, and the days on which anybody may apply."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.market_terms import (
    DAY,
    LongerThanPublished,
    OutsideMarket,
    Period,
    Window,
    WindowsOverlap,
    WrongDate,
    closed_days,
    months_between,
    months_of_extension,
    refuse_unless_entry_may_close,
    refuse_unless_possible,
)
from dps.regimes import PA_2023_OPEN_FRAMEWORK, PCR_2015_DPS, ForbiddenByRegime

PERIOD = Period(date(2025, 1, 1), date(2028, 12, 31))
ENDS = date(2028, 1, 31)


@pytest.mark.parametrize(
    ("later", "months"),
    [
        (date(2028, 2, 1), 1),
        (date(2028, 2, 29), 1),
        (date(2028, 3, 31), 2),
        (date(2029, 1, 31), 12),
        (date(2029, 2, 1), 13),
    ],
)
def test_a_part_of_a_month_counts_as_one(later, months):
    assert months_between(ENDS, later) == months
    assert months_of_extension(ENDS, later, left=months) == months
    with pytest.raises(LongerThanPublished, match=f"allows {months - 1 or 'no extension'}"):
        months_of_extension(ENDS, later, left=months - 1)


@pytest.mark.parametrize("day", [ENDS, date(2027, 1, 1)])
def test_an_extension_is_later(day):
    with pytest.raises(WrongDate):
        months_of_extension(ENDS, day, left=48)


@pytest.mark.parametrize(
    ("windows", "closed"),
    [
        ((), ()),
        ((Window(PERIOD.starts_on),), ()),
        (
            (Window(date(2025, 2, 1), date(2025, 3, 31)), Window(date(2025, 5, 1))),
            (
                Window(PERIOD.starts_on, date(2025, 1, 31)),
                Window(date(2025, 4, 1), date(2025, 4, 30)),
            ),
        ),
        (
            (Window(PERIOD.starts_on, date(2025, 3, 31)), Window(date(2025, 4, 1), ENDS)),
            (Window(date(2028, 2, 1), PERIOD.ends_on),),
        ),
    ],
)
def test_closed_days_are_those_without_a_window(windows, closed):
    assert closed_days(windows, PERIOD) == closed
    assert closed_days(windows[::-1], PERIOD) == closed


def test_windows_follow_each_other_within_the_market():
    first = Window(PERIOD.starts_on, ENDS)
    refuse_unless_possible([first, Window(ENDS + DAY)], PERIOD)
    for second in (Window(ENDS), Window(PERIOD.starts_on + DAY, ENDS)):
        with pytest.raises(WindowsOverlap):
            refuse_unless_possible([first, second], PERIOD)
    with pytest.raises(WindowsOverlap):
        refuse_unless_possible([Window(PERIOD.starts_on), Window(ENDS)], PERIOD)
    for outside in (
        Window(PERIOD.starts_on - DAY),
        Window(ENDS, PERIOD.ends_on + DAY),
        Window(PERIOD.ends_on + DAY),
        Window(ENDS, ENDS - DAY),
    ):
        with pytest.raises(OutsideMarket):
            refuse_unless_possible([outside], PERIOD)


def test_a_system_that_stays_open_cannot_close_for_a_day():
    always = [Window(PERIOD.starts_on)]
    with_a_gap = [Window(PERIOD.starts_on, ENDS), Window(ENDS + 2 * DAY)]

    with pytest.raises(ForbiddenByRegime) as refused:
        refuse_unless_entry_may_close(PCR_2015_DPS, always, with_a_gap, PERIOD)
    assert str(refused.value) == (
        "The system stays open to new providers as long as it lasts."
        " Nobody could apply from 1 February 2028 to 1 February 2028"
    )
    assert refused.value.field == "closes_on"
    refuse_unless_entry_may_close(PA_2023_OPEN_FRAMEWORK, always, with_a_gap, PERIOD)
    # What is closed already stays as it is; days before the first window are no closing.
    refuse_unless_entry_may_close(PCR_2015_DPS, with_a_gap, with_a_gap, PERIOD)
    refuse_unless_entry_may_close(PCR_2015_DPS, always, [Window(date(2025, 2, 1))], PERIOD)


dates = st.dates(PERIOD.starts_on, PERIOD.ends_on)
spans = st.lists(
    st.tuples(dates, st.one_of(st.none(), dates)).filter(lambda s: s[1] is None or s[0] <= s[1])
)


@given(spans, dates)
def test_every_day_is_in_a_window_or_among_the_closed_ones(given_spans, day):
    windows = [Window(*span) for span in given_spans]
    is_open = not windows or any(
        each.opens_on <= day and (each.closes_on is None or day <= each.closes_on)
        for each in windows
    )
    closed = closed_days(windows, PERIOD)

    assert is_open != any(each.opens_on <= day <= each.closes_on for each in closed)
