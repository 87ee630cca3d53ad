"""Dates and times as people read them: London's."""

import datetime as dt

import pytest
from django.test import override_settings

from dps.govuk.templatetags.govuk import day, moment


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (dt.datetime(2026, 12, 4, 17, 0, tzinfo=dt.UTC), "4 December 2026 at 5pm"),
        (dt.datetime(2026, 7, 4, 16, 5, tzinfo=dt.UTC), "4 July 2026 at 5:05pm"),
        (dt.datetime(2026, 7, 4, 23, 30, tzinfo=dt.UTC), "5 July 2026 at 12:30am"),
        (dt.datetime(2026, 12, 4, 12, 0, tzinfo=dt.UTC), "4 December 2026 at 12pm"),
        (None, ""),
    ],
)
@override_settings(TIME_ZONE="Europe/London", USE_TZ=True)
def test_a_moment_is_shown_in_london(at, shown):
    assert moment(at) == shown


def test_a_day_is_shown_without_its_time():
    assert day(dt.date(2026, 12, 4)) == "4 December 2026"
    assert day(dt.datetime(2026, 7, 4, 23, 30, tzinfo=dt.UTC)) == "5 July 2026"
    assert day(None) == ""
