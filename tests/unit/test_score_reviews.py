"""When a score is reviewed, what may become of it, and from when it counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qualification.reviewing import (
    Line,
    NotAGradeOfIt,
    NotInBetween,
    counts_from,
    due_on,
    earliest_effect,
    has_room,
    in_between,
    is_open_for_reply,
    kept,
    lines_of,
    proposed,
    reply_until,
    score_of,
)

LINES = (
    Line("workforce", "Workforce", 30_00, 4, 4),
    Line("outcomes", "Outcomes", 30_00, 4, 4),
    Line("contract", "Contract", 25_00, 4, 4),
    Line("young", "Young people", 15_00, 4, 4),
)
grades = st.integers(0, 5)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("looked_at", "months", "due"),
    [
        (date(2026, 11, 2), 12, date(2027, 11, 2)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_a_review_is_due_after_so_many_months(looked_at, months, due):
    assert due_on(looked_at, months) == due


def test_the_time_for_a_reply_is_counted_in_working_days():
    # Christmas, Boxing Day (kept on Monday 28) and New Year's Day lie between.
    assert reply_until(date(2026, 12, 18), 10) == date(2027, 1, 6)


def test_the_last_day_for_a_reply_counts():
    last = date(2026, 11, 16)

    assert is_open_for_reply(last, last)
    assert not is_open_for_reply(last, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("last_version", "earliest"),
    [
        (None, date(2026, 11, 17)),
        (date(2026, 1, 1), date(2026, 11, 17)),
        (date(2027, 1, 1), date(2027, 1, 2)),
    ],
)
def test_a_score_counts_after_the_reply_and_after_the_version_before(last_version, earliest):
    assert earliest_effect(date(2026, 11, 16), last_version) == earliest


def test_a_score_counts_from_midnight_in_london():
    decided = datetime(2026, 6, 1, 12, tzinfo=UTC)

    assert counts_from(date(2026, 7, 1), decided) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert counts_from(date(2026, 12, 1), decided) == datetime(2026, 12, 1, tzinfo=UTC)


@given(days, days, st.integers(0, 86_399))
def test_no_score_counts_from_before_its_decision(effective, day, second):
    decided = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)

    assert counts_from(effective, decided) >= decided


def test_what_is_proposed_is_a_grade_for_each_statement_with_its_reason():
    wanted = proposed(LINES, {"workforce": (5, " Trained. "), "young": (3, "Less asked.")})

    assert [(each.code, each.after, each.reason) for each in wanted] == [
        ("workforce", 5, "Trained."),
        ("outcomes", 4, ""),
        ("contract", 4, ""),
        ("young", 3, "Less asked."),
    ]
    # 30 x 5/5 + 30 x 4/5 + 25 x 4/5 + 15 x 3/5
    assert score_of(wanted) == 83_00
    assert score_of(kept(wanted)) == 80_00
    assert lines_of([each.as_json() for each in wanted]) == wanted


@pytest.mark.parametrize(
    ("given_", "field"),
    [({"young": (6, "x")}, "grade_young"), ({"young": (5, " ")}, "reason_young")],
)
def test_a_grade_outside_of_0_to_5_and_a_change_without_a_reason_are_refused(given_, field):
    with pytest.raises(NotAGradeOfIt) as refused:
        proposed(LINES, given_)

    assert refused.value.field == field


def test_in_between_is_neither_as_now_nor_as_proposed():
    wanted = proposed(LINES, {"workforce": (5, "a"), "outcomes": (2, "b")})

    decided = in_between(wanted, {"workforce": 4, "outcomes": 3})

    assert [each.after for each in decided] == [4, 3, 4, 4]
    assert has_room(wanted)
    for outside in (
        {"workforce": 5, "outcomes": 2},
        {"workforce": 4, "outcomes": 4},
        {"workforce": 3, "outcomes": 3},
        {"workforce": 5, "outcomes": 5},
    ):
        with pytest.raises(NotInBetween):
            in_between(wanted, outside)


def test_one_grade_up_leaves_no_room_in_between():
    assert not has_room(proposed(LINES, {"workforce": (5, "a")}))
    assert not has_room(LINES)


@given(
    st.tuples(grades, grades, grades, grades),
    st.tuples(grades, grades, grades, grades),
    st.tuples(grades, grades, grades, grades),
)
def test_what_is_in_between_scores_within_what_each_grade_allows(before, after, chosen):
    lines = tuple(
        Line(each.code, each.title, each.weight, old, new, "x")
        for each, old, new in zip(LINES, before, after, strict=True)
    )
    grades_ = {
        each.code: each.between[place % len(each.between)]
        for each, place in zip(lines, chosen, strict=True)
    }
    after_all = [grades_[each.code] for each in lines]
    assume(after_all not in ([each.before for each in lines], [each.after for each in lines]))

    decided = in_between(lines, grades_)

    low = sum(each.weight * min(each.before, each.after) for each in lines)
    high = sum(each.weight * max(each.before, each.after) for each in lines)

    assert low <= score_of(decided) * 5 + 4
    assert score_of(decided) * 5 <= high + 4
    assert decided != lines
    assert [each.before for each in decided] == [each.before for each in lines]
