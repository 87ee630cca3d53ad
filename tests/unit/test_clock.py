from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.clock import (
    GRACE,
    Occurrence,
    Receipt,
    TimeDoesNotExist,
    TimeHappensTwice,
    from_london,
    is_before_deadline,
    judge_receipt,
    london,
    may_open,
    opens_at,
    show_date,
    show_instant,
)

DEADLINE = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

instants = st.datetimes(
    datetime(2015, 1, 1),  # noqa: DTZ001 -- Hypothesis wants naive bounds
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def at(hour, minute=0, *, day):
    return datetime(2026, *day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "entered", "expected"),
    [
        (date(2026, 1, 5), time(14, 30), at(14, 30, day=(1, 5))),
        (date(2026, 7, 5), time(14, 30), at(13, 30, day=(7, 5))),
        (date(2026, 3, 29), time(0, 59), at(0, 59, day=(3, 29))),
        (date(2026, 3, 29), time(2, 0), at(1, 0, day=(3, 29))),
        (date(2026, 10, 25), time(0, 59), at(23, 59, day=(10, 24))),
        (date(2026, 10, 25), time(2, 0), at(2, 0, day=(10, 25))),
        (date(2026, 7, 1), time(0, 30), at(23, 30, day=(6, 30))),
    ],
)
def test_a_time_entered_in_london_becomes_an_instant(day, entered, expected):
    assert from_london(day, entered) == expected


@pytest.mark.parametrize("entered", [time(1, 0), time(1, 30), time(1, 59, 59)])
def test_the_hour_that_the_clocks_skip_is_refused(entered):
    with pytest.raises(TimeDoesNotExist):
        from_london(date(2026, 3, 29), entered)


def test_the_skipped_hour_is_refused_even_if_an_occurrence_is_chosen():
    with pytest.raises(TimeDoesNotExist) as refusal:
        from_london(date(2026, 3, 29), time(1, 30), which=Occurrence.FIRST)

    assert (str(refusal.value), refusal.value.field) == (
        (
            "The clocks go forward on 29 March 2026, so 1:30am does not exist that day."
            " Choose a time before 1am or from 2am"
        ),
        "time",
    )


@pytest.mark.parametrize("entered", [time(1, 0), time(1, 30), time(1, 59, 59)])
def test_the_hour_that_happens_twice_is_asked_about(entered):
    with pytest.raises(TimeHappensTwice):
        from_london(date(2026, 10, 25), entered)


def test_the_double_hour_says_what_to_choose_from():
    with pytest.raises(TimeHappensTwice) as refusal:
        from_london(date(2026, 10, 25), time(1, 30))

    assert str(refusal.value) == (
        "The clocks go back on 25 October 2026, so 1:30am happens twice."
        " Choose the first (British Summer Time) or the second (Greenwich Mean Time)"
    )


@pytest.mark.parametrize(("which", "hour"), [(Occurrence.FIRST, 0), (Occurrence.SECOND, 1)])
def test_the_double_hour_is_settled_by_a_choice(which, hour):
    chosen = from_london(date(2026, 10, 25), time(1, 30), which=which)

    assert chosen == at(hour, 30, day=(10, 25))


@pytest.mark.parametrize("which", [None, *Occurrence])
def test_a_choice_changes_nothing_on_other_days(which):
    assert from_london(date(2026, 1, 5), time(9), which=which) == at(9, day=(1, 5))


@given(instants)
def test_what_london_shows_leads_back_to_the_instant(instant):
    wall = london(instant)
    which = Occurrence.SECOND if wall.fold else Occurrence.FIRST

    assert from_london(wall.date(), wall.time(), which=which) == instant


def test_an_instant_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="needs a time zone"):
        london(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (at(14, 30, day=(1, 5)), "5 January 2026 at 2:30pm"),
        (at(8, day=(7, 5)), "5 July 2026 at 9am"),
        (at(12, day=(1, 5)), "5 January 2026 at midday"),
        (at(0, day=(1, 5)), "5 January 2026 at midnight"),
        (at(0, 5, day=(1, 5)), "5 January 2026 at 12:05am"),
        (at(12, 5, day=(1, 5)), "5 January 2026 at 12:05pm"),
        (at(0, 30, day=(10, 25)), "25 October 2026 at 1:30am BST"),
        (at(1, 30, day=(10, 25)), "25 October 2026 at 1:30am GMT"),
        (at(2, 0, day=(10, 25)), "25 October 2026 at 2am"),
        (at(1, 0, day=(3, 29)), "29 March 2026 at 2am"),
    ],
)
def test_an_instant_is_shown_as_londons_clocks_show_it(instant, words):
    assert show_instant(instant) == words


def test_a_date_is_shown_without_a_leading_zero():
    assert show_date(date(2026, 1, 5)) == "5 January 2026"


def test_at_the_very_instant_of_the_deadline_is_late():
    assert is_before_deadline(DEADLINE - MICROSECOND, DEADLINE)
    assert not is_before_deadline(DEADLINE, DEADLINE)


def test_opening_waits_for_the_grace_and_no_longer():
    assert opens_at(DEADLINE) == DEADLINE + timedelta(seconds=60)
    assert may_open(DEADLINE + GRACE, DEADLINE)
    assert not may_open(DEADLINE + GRACE - MICROSECOND, DEADLINE)


@pytest.mark.parametrize(
    ("received", "recorded", "judged"),
    [
        (-5, -4, Receipt.IN_TIME),
        (-0.000001, 59.9, Receipt.IN_TIME),
        (0, 0, Receipt.LATE),
        (0, 61, Receipt.LATE),
        (-1, 59, Receipt.IN_TIME),
        (-1, 59.000001, Receipt.STAMP_REFUSED),
        (-1, 60, Receipt.HELD_UP_BY_US),
        (-0.000001, 60, Receipt.HELD_UP_BY_US),
        (-10, -11, Receipt.IN_TIME),
        (-10, -11.000001, Receipt.STAMP_REFUSED),
        (-100, -40, Receipt.IN_TIME),
        (-100.000001, -40, Receipt.STAMP_REFUSED),
        (30, 10, Receipt.STAMP_REFUSED),
    ],
)
def test_a_receipt_is_judged_by_both_clocks(received, recorded, judged):
    receipt = judge_receipt(
        received_at=DEADLINE + timedelta(seconds=received),
        recorded_at=DEADLINE + timedelta(seconds=recorded),
        deadline=DEADLINE,
    )

    assert receipt == judged


@given(st.integers(-200, 200), st.integers(-200, 200))
def test_nothing_in_time_can_be_recorded_once_opening_is_allowed(received, recorded):
    recorded_at = DEADLINE + timedelta(seconds=recorded)

    receipt = judge_receipt(
        received_at=DEADLINE + timedelta(seconds=received),
        recorded_at=recorded_at,
        deadline=DEADLINE,
    )

    if receipt is Receipt.IN_TIME:
        assert received < 0
        assert not may_open(recorded_at, DEADLINE)


def test_the_rule_does_not_depend_on_the_zone_of_the_instants():
    summer = timezone(timedelta(hours=1))

    assert not is_before_deadline(DEADLINE.astimezone(summer), DEADLINE)
