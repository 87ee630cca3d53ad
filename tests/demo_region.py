"""
A pytest plugin: the demo region, loaded once a run, copied for each module that uses it.

The copy is the module's own: what a journey changes there, no other test sees.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection, connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tests.database import TestDatabase

ROOT = Path(__file__).parents[1]
LOADED = "dps_demo_region"
TESTS_FOR_THE_END = ROOT / "tests" / "integration"


def named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _owner(url: str) -> psycopg.Connection[tuple[str, ...]]:
    return psycopg.connect(named(url, "postgres"), autocommit=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    One module that needs the region comes first and loads it; the others that need it come when it
    is there, after those that read code, test rules and qualification. So nobody waits for it.
    """
    using = [item.path for item in items if "demo_region" in getattr(item, "fixturenames", ())]
    items.sort(key=lambda item: _turn(item.path, list(dict.fromkeys(using))))


def _turn(path: Path, using: list[Path]) -> int:
    if path in using:
        return 0 if path == using[0] else 2
    return 3 if path.is_relative_to(TESTS_FOR_THE_END) and not _is_meanwhile(path) else 1


def _is_meanwhile(path: Path) -> bool:
    """Long enough, with the rules, to fill two workers while the third loads the region."""
    return path.is_relative_to(TESTS_FOR_THE_END / "qualification")


@pytest.fixture(scope="session")
def loaded_region(django_db_setup: TestDatabase) -> str:
    """The name of a database that holds the demo region; the first worker to ask loads it."""
    state = Path(os.environ["DPS_STATE_DIR"])
    with (state / "region.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = state / "region.loaded"
        if not done.exists():
            _load(django_db_setup)
            done.touch()
    return LOADED


def _load(database: TestDatabase) -> None:
    with _owner(database.owner_url) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(LOADED)))
    _manage("migrate", "--verbosity=0", url=named(database.owner_url, LOADED))
    _manage("load_demo", url=named(database.application_url, LOADED))


def _manage(*arguments: str, url: str) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        # The demo's own settings: its mailbox keeps the links that it sends.
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.journeys.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-6000:]


@pytest.fixture(scope="module")
def demo_region(
    loaded_region: str, django_db_setup: TestDatabase, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A copy of the region for one module; Django's connection points to it. Gives its address."""
    name = f"dps_copy_{os.getpid()}_{os.urandom(3).hex()}"
    with _owner(django_db_setup.owner_url) as owner:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        owner.execute(statement.format(sql.Identifier(name), sql.Identifier(loaded_region)))
    usual = connection.settings_dict["NAME"]
    _point_to(name)
    with django_db_blocker.unblock():
        yield named(django_db_setup.application_url, name)
    _point_to(usual)
    with _owner(django_db_setup.owner_url) as owner:
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        owner.execute(statement.format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def owner(demo_region: str, django_db_setup: TestDatabase) -> Iterator[psycopg.Connection[Any]]:
    """The owner's hand on the copy: reads past every policy."""
    url = named(django_db_setup.owner_url, urlsplit(demo_region).path.lstrip("/"))
    with psycopg.connect(url, autocommit=True) as owner:
        yield owner


def _point_to(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name
    connections.settings["default"]["NAME"] = name
