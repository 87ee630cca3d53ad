"""
A pytest plugin: the owner makes the test database, every test works as the application's login.

Tests on real transactions leave rows behind, which only the owner can clear away: the
application's login may not empty a table, and a test says so.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django import DjangoDbBlocker

from dps.embedded.database import application_url
from dps.embedded.places import APPLICATION

KEPT = "kept_for_every_test"
LONGEST_WAIT_FOR_A_LOCK = "20s"


class TestDatabase:
    """The owner's hand on the test database."""

    __test__ = False

    def __init__(self) -> None:
        name = connection.settings_dict["NAME"]
        parts = urlsplit(os.environ["DATABASE_URL"])
        self.owner_url = urlunsplit(parts._replace(path=f"/{name}"))
        self.application_url = self._let_the_application_in(name)

    def clear(self) -> None:
        """Bring the tables back to what every test starts from; partitions stay."""
        with self._connect() as owner:
            tables = sql.SQL(", ").join(map(sql.Identifier, self._tables(owner)))
            owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(tables))
            for table in self._tables(owner, schema=KEPT):
                statement = sql.SQL("INSERT INTO {} SELECT * FROM {}")
                kept = sql.Identifier(KEPT, table)
                owner.execute(statement.format(sql.Identifier(table), kept))

    def close_to_others(self) -> None:
        """End connections that a test forgot, so that the database can be dropped."""
        with self._connect() as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def _let_the_application_in(self, name: str) -> str:
        embedded = settings.PLACES.database_url(APPLICATION, name)
        if urlsplit(embedded).query == urlsplit(self.owner_url).query:
            return embedded
        password = Path(settings.PLACES.state) / f"{name}.password"
        return application_url(self.owner_url, password)

    def _connect(self) -> psycopg.Connection[tuple[str, ...]]:
        owner = psycopg.connect(
            self.owner_url, options=f"-c lock_timeout={LONGEST_WAIT_FOR_A_LOCK}"
        )
        # Append-only tables refuse even their owner; rows come back in any order.
        owner.execute("SET session_replication_role = replica")
        return owner

    def _tables(
        self, owner: psycopg.Connection[tuple[str, ...]], *, schema: str = "public"
    ) -> list[str]:
        rows = owner.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = %s::regnamespace AND relname <> 'django_migrations'",
            [schema],
        )
        return [name for (name,) in rows]

    def keep_what_is_there(self) -> None:
        """Every test starts from these rows."""
        with self._connect() as owner:
            owner.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(KEPT)))
            owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(KEPT)))
            for table in self._tables(owner):
                some = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))
                if owner.execute(some).fetchone():
                    copy = sql.SQL("CREATE TABLE {} AS TABLE {}")
                    kept = sql.Identifier(KEPT, table)
                    owner.execute(copy.format(kept, sql.Identifier(table)))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,  # pytest-django's own, which makes the database
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[TestDatabase]:
    with django_db_blocker.unblock():
        database = TestDatabase()
        login = urlsplit(database.application_url)
        owners = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
        _connect_as(user=APPLICATION, password=login.password or "")
        from tests.factories.kernel import make_councils  # noqa: PLC0415 -- its models need Django

        # Their partitions cost half a second, which thousands of tests need not pay again.
        make_councils()
        connection.close()
        database.keep_what_is_there()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: database.clear())
        yield database
    with django_db_blocker.unblock():
        database.close_to_others()
        _connect_as(user=owners["USER"], password=owners["PASSWORD"])


@pytest.fixture
def process_environment(django_db_setup: TestDatabase) -> dict[str, str]:
    """The environment in which a program of this project works on the tests' database."""
    return os.environ | {
        "DATABASE_URL": django_db_setup.application_url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }


def _connect_as(*, user: str, password: str) -> None:
    """Every connection from now on, also of other threads: they share these settings."""
    connections.close_all()
    connection.settings_dict.update(USER=user, PASSWORD=password)
    connections.settings["default"].update(USER=user, PASSWORD=password)
