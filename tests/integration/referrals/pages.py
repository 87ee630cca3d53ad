"""Opening pages as somebody, at a moment."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.test import Client

from dps.actors import Actor
from dps.models import Account
from dps.tenancy.identity import acting_as
from tests.factories.kernel import NOON

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


class Browser:
    """A signed-in person whose requests arrive when the test says."""

    def __init__(self, actor: Actor, *, now: datetime = NOON) -> None:
        self.client = Client()
        self.client.force_login(Account.objects.get(person_id=actor.person_id))
        self.actor, self.now = actor, now

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query, headers=self._stamp())

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.client.post(path, data or {}, headers=self._stamp())

    def _stamp(self) -> dict[str, str]:
        # Inside the test's transaction, the database's clock stays where it was moved last.
        with acting_as(self.actor, at=self.now):
            pass
        return {"X-Received-At": f"{self.now.timestamp():.6f}"}


def words_of(response: Any) -> str:
    """The page without what differs from one request to the next."""
    return TOKEN.sub("", response.content.decode())


def plain(response: Any) -> str:
    """Its text alone, in single spaces."""
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def own_queries(asked: Any) -> list[str]:
    """Without session, account, membership, identity and savepoints."""
    common = ("django_session", "dps_account", "dps_membership", '"dps_person" WHERE', "set_config")
    return [
        query["sql"][:120]
        for query in asked
        if not any(word in query["sql"] for word in (*common, "SAVEPOINT", "EXPLAIN"))
    ]
