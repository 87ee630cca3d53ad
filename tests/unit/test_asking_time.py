"""Until when questions are taken, and which words give away who asked."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.asking_time import Asking, AskingWindow, asking_on
from qualification.hidden_names import names_in

ENDS = date(2029, 2, 22)
ONE, TWO = UUID(int=1), UUID(int=2)
FIRST = AskingWindow(ONE, date(2026, 1, 1), date(2026, 3, 31), date(2026, 3, 10))
NEXT = AskingWindow(TWO, date(2026, 4, 1), None, None)


@pytest.mark.parametrize(
    ("windows", "day", "asking"),
    [
        ([], date(2026, 3, 1), Asking(None, ENDS)),
        ([FIRST], date(2025, 12, 1), Asking(ONE, date(2026, 3, 10))),
        ([FIRST], date(2026, 3, 10), Asking(ONE, date(2026, 3, 10))),
        ([FIRST], date(2026, 3, 11), Asking(ONE, date(2026, 3, 10))),
        ([NEXT, FIRST], date(2026, 3, 10), Asking(ONE, date(2026, 3, 10))),
        ([NEXT, FIRST], date(2026, 3, 11), Asking(TWO, ENDS)),
        (
            [AskingWindow(ONE, date(2026, 1, 1), date(2026, 3, 31), None)],
            date(2026, 3, 31),
            Asking(ONE, date(2026, 3, 31)),
        ),
        (
            [AskingWindow(ONE, date(2026, 1, 1), None, date(2030, 1, 1))],
            date(2026, 3, 31),
            Asking(ONE, ENDS),
        ),
    ],
)
def test_which_window_is_asked_about_and_until_when(windows, day, asking):
    assert asking_on(windows, market_ends=ENDS, day=day) == asking


def test_the_last_day_counts():
    asking = Asking(ONE, date(2026, 3, 10))

    assert (asking.is_open(date(2026, 3, 10)), asking.is_open(date(2026, 3, 11))) == (True, False)


@given(
    st.lists(
        st.tuples(
            st.dates(date(2025, 1, 1), date(2029, 2, 22)),
            st.none() | st.dates(date(2025, 1, 1), date(2031, 1, 1)),
            st.none() | st.dates(date(2025, 1, 1), date(2031, 1, 1)),
        ),
        max_size=5,
    ),
    st.dates(date(2025, 1, 1), date(2031, 1, 1)),
)
def test_nobody_asks_after_the_market_and_an_open_window_is_found(days, day):
    windows = [AskingWindow(UUID(int=n), *each) for n, each in enumerate(days)]
    asking = asking_on(windows, market_ends=ENDS, day=day)
    open_alone = [asking_on([each], market_ends=ENDS, day=day).is_open(day) for each in windows]

    assert asking.last_day <= ENDS
    assert asking.is_open(day) == (any(open_alone) if windows else day <= ENDS)


@pytest.mark.parametrize(
    ("words", "names", "found"),
    [
        ("We at OAK  trust have two homes", ["Oak Trust"], ["Oak Trust"]),
        ("A soak trusts nobody", ["Oak Trust"], []),
        ("St Ann’s School asks", ["St Ann's School"], ["St Ann's School"]),
        ("Is Oak (Sussex) Ltd. meant?", ["Oak (Sussex) Ltd."], ["Oak (Sussex) Ltd."]),
        ("Is art taught?", ["Art", " "], []),
        ("Beech House and Oak Trust", ["Oak Trust", "Beech House", "Oak Trust"],
         ["Beech House", "Oak Trust"]),
    ],
)  # fmt: skip
def test_names_that_give_away_who_asked(words, names, found):
    assert names_in(words, names) == found
