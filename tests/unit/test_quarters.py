from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.publication.quarters import NoSuchQuarter, Quarter, last_ended, quarter_of

quarters = st.builds(Quarter, st.integers(2015, 2040), st.integers(1, 4))
instants = st.datetimes(
    datetime(2015, 1, 1),  # noqa: DTZ001 -- Hypothesis wants naive bounds
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("instant", "quarter"),
    [
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), Quarter(2026, 2)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), Quarter(2026, 3)),
        (datetime(2026, 9, 30, 22, 59, tzinfo=UTC), Quarter(2026, 3)),
        (datetime(2026, 9, 30, 23, 0, tzinfo=UTC), Quarter(2026, 4)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), Quarter(2026, 4)),
        (datetime(2027, 1, 1, tzinfo=UTC), Quarter(2027, 1)),
        (datetime(2026, 3, 31, 22, 59, tzinfo=UTC), Quarter(2026, 1)),
        (datetime(2026, 3, 31, 23, 0, tzinfo=UTC), Quarter(2026, 2)),
    ],
)
def test_an_instant_belongs_to_the_quarter_that_london_shows(instant, quarter):
    assert quarter_of(instant) == quarter


def test_a_quarter_knows_its_days_names_and_limits():
    summer = Quarter(2026, 3)

    assert (summer.label, summer.slug, summer.financial_label) == (
        "2026 Q3",
        "2026-q3",
        "2026/27 Q2",
    )
    assert (summer.first_day, summer.last_day) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (summer.start, summer.end) == (
        datetime(2026, 6, 30, 23, tzinfo=UTC),
        datetime(2026, 9, 30, 23, tzinfo=UTC),
    )
    assert summer.publish_by == date(2026, 10, 30)


@pytest.mark.parametrize(
    ("number", "label"),
    [(1, "2098/99 Q4"), (2, "2099/00 Q1"), (3, "2099/00 Q2"), (4, "2099/00 Q3")],
)
def test_a_councils_year_starts_in_april(number, label):
    assert Quarter(2099, number).financial_label == label


def test_a_quarter_is_over_from_its_end_on():
    summer = Quarter(2026, 3)

    assert summer.ended_before(summer.end)
    assert not summer.ended_before(summer.end - timedelta(microseconds=1))
    assert last_ended(summer.end) == summer
    assert last_ended(summer.end - timedelta(microseconds=1)) == Quarter(2026, 2)


@given(instants)
def test_every_instant_lies_in_exactly_its_quarter(instant):
    quarter = quarter_of(instant)

    assert quarter.start <= instant < quarter.end
    assert last_ended(instant).ended_before(instant)
    assert not quarter.ended_before(instant)


@given(quarters)
def test_quarters_follow_each_other_without_a_gap(quarter):
    assert quarter.next.previous == quarter
    assert quarter.previous < quarter < quarter.next
    assert quarter.next.first_day - quarter.last_day == timedelta(days=1)
    assert quarter.end == quarter.next.start
    assert Quarter.parse(quarter.slug) == quarter


@pytest.mark.parametrize(
    "slug", ["", "2026-q5", "2026-Q3", "26-q3", "2026-q3\n", "\uff12026-q3", "q3"]
)
def test_what_names_no_quarter_is_not_found(slug):
    with pytest.raises(NoSuchQuarter):
        Quarter.parse(slug)


@pytest.mark.parametrize("number", [0, 5])
def test_a_year_has_four_quarters(number):
    with pytest.raises(ValueError, match="1 to 4"):
        Quarter(2026, number)
