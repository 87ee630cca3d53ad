"""Which version of the terms holds, which can be accepted and by when; how its text is set."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.shipped_terms import first_text
from qualification.terms_due import (
    Standing,
    due_on,
    in_force,
    live,
    reminder_days,
    standing,
)
from qualification.terms_text import Block, Kind, blocks


@dataclass(frozen=True)
class Version:
    number: int
    from_date: date


ONE = Version(1, date(2026, 1, 1))
TWO = Version(2, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("day", "holds", "can_be_accepted"),
    [
        (date(2025, 12, 31), None, [ONE, TWO]),
        (date(2026, 1, 1), ONE, [ONE, TWO]),
        (date(2026, 5, 31), ONE, [ONE, TWO]),
        (date(2026, 6, 1), TWO, [TWO]),
    ],
)
def test_the_version_that_holds_and_those_to_come(day, holds, can_be_accepted):
    assert in_force([TWO, ONE], day) == holds
    assert live([TWO, ONE], day) == can_be_accepted


@given(st.lists(st.dates(), unique=True, max_size=6), st.dates())
def test_one_version_holds_and_none_before_it_can_be_accepted(days, day):
    versions = [Version(number, each) for number, each in enumerate(sorted(days), 1)]
    found, holds = live(versions, day), in_force(versions, day)

    assert found == [each for each in versions if each.from_date > day or each == holds]


def test_newcomers_have_28_days():
    by = date(2026, 6, 1)

    assert due_on(by, date(2025, 1, 1)) == by
    assert due_on(by, date(2026, 5, 20)) == date(2026, 6, 17)


def test_reminders_come_before_and_after_the_last_day():
    assert reminder_days(date(2026, 6, 15)) == [
        date(2026, 6, 1),
        date(2026, 6, 12),
        date(2026, 6, 16),
    ]


@pytest.mark.parametrize(
    ("has_accepted", "after", "expected"),
    [
        (False, 0, Standing.WAITING),
        (False, 1, Standing.OVERDUE),
        (True, 0, Standing.ACCEPTED),
        (True, 9, Standing.ACCEPTED),
    ],
)
def test_overdue_begins_after_the_last_day(has_accepted, after, expected):
    due = date(2026, 6, 1)

    assert standing(has_accepted=has_accepted, due=due, day=due + timedelta(days=after)) == expected


def test_headings_points_and_paragraphs():
    text = "# 1. One\n\nA line\nand its rest.\n \n- first\n- second\n\n# not\n# a heading"

    assert blocks(text) == [
        Block(Kind.HEADING, ("1. One",)),
        Block(Kind.WORDS, ("A line and its rest.",)),
        Block(Kind.POINTS, ("first", "second")),
        Block(Kind.WORDS, ("# not # a heading",)),
    ]


def test_the_text_that_is_shipped_has_numbered_headings():
    found = blocks(first_text())
    headings = [each.lines[0] for each in found if each.kind is Kind.HEADING]

    assert [int(each.partition(".")[0]) for each in headings] == list(range(1, 12))
    assert found[0].kind is Kind.HEADING
