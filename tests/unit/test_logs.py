"""No link that somebody was sent is written to the log."""

import logging
import secrets

from django.conf import settings

from dps.logs import WithoutLinks

TOKEN = secrets.token_urlsafe(32)
PERSON = "01a204c6-eb7b-727b-8f1f-847599677e62"


def written(message):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, (), None)
    return WithoutLinks("{message}", style="{").format(record)


def test_a_link_in_a_path_is_not_logged():
    for path in (f"/choice/{TOKEN}/", f"/join/{TOKEN}"):
        assert TOKEN not in written(f"Method Not Allowed (OPTIONS): {path}")


def test_an_id_in_a_path_stays_readable():
    assert written(f"Conflict: /referrals/{PERSON}/award/") == (
        f"Conflict: /referrals/{PERSON}/award/"
    )


def test_everything_is_logged_so():
    assert settings.LOGGING["formatters"]["plain"]["class"] == "dps.logs.WithoutLinks"
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "plain"
