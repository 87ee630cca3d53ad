"""A browser whose person has just given the password again, as opening and award ask."""

from __future__ import annotations

import time
from datetime import datetime

from dps.actors import Actor
from tests.factories.evaluation import GRADED
from tests.integration.referrals.pages import Browser

METHODS = "account_authentication_methods"


def fresh(actor: Actor, *, now: datetime = GRADED) -> Browser:
    browser = Browser(actor, now=now)
    session = browser.client.session
    session[METHODS] = [{"method": "password", "at": time.time()}]
    session.save()
    return browser
