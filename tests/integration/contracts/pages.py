"""Reading pages as people do: their words."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html


def text_of(response) -> str:
    """The words of a page's main part, with single spaces."""
    tree = html.fromstring(response.content)
    main = tree.find(".//main")
    return " ".join((tree if main is None else main).text_content().split())


def h1_of(response) -> str:
    (heading,) = html.fromstring(response.content).iter("h1")
    return " ".join(heading.text_content().split())


def count_queries(client, address) -> int:
    """The statements of a page: its own, without those of session, user and identity."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len([query for query in captured if not _is_overhead(query["sql"])])


def _is_overhead(sql: str) -> bool:
    starts = ("SAVEPOINT", "RELEASE", "SELECT set_config", "BEGIN", "COMMIT")
    tables = ("django_session", "dps_account", "dps_membership", 'FROM "dps_person"')
    return sql.startswith(starts) or any(f'"{t}"' in sql or t in sql for t in tables)
