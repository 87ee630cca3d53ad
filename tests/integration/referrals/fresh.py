"""A browser whose person has just given the password again, as opening and award ask."""

from __future__ import annotations

import time
from datetime import datetime

from allauth.account.internal.userkit import user_id_to_str

from dps.actors import Actor
from dps.models import Account
from tests.factories.evaluation import GRADED
from tests.integration.referrals.pages import Browser

METHODS = "account_authentication_methods"


def fresh(actor: Actor, *, now: datetime = GRADED) -> Browser:
    browser = Browser(actor, now=now)
    session = browser.client.session
    account = Account.objects.get(person_id=actor.person_id)
    session[METHODS] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session[f"{METHODS}_user"] = user_id_to_str(account)
    session.save()
    return browser
