"""What stands about a market on its pages, of what nobody in person made."""

from datetime import UTC, date, datetime

import pytest

from dps.models import EntryWindow
from qualification.presenters.joining_guide import _window
from qualification.presenters.markets import history

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def window(**given):
    return EntryWindow(opens_on=date(2026, 11, 1), made_at=NOON, **given)


def test_what_nobody_made_in_person_names_nobody():
    (event,) = history([], [window()], [])

    assert (event["title"], event["by"]) == ("Entry window set", "")


@pytest.mark.parametrize(
    ("note", "shown"),
    [("", ""), ("Open to all", "Open to all."), ("Open to all.", "Open to all.")],
)
def test_a_note_ends_as_a_sentence(note, shown):
    assert _window(window(note=note), date(2026, 11, 2))["note"] == shown
