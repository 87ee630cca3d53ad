"""The ways in which one protection is taken away for one test, and put back after it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.test import override_settings

from dps.actors import Kind
from dps.documents import printing

LONGEST_WAIT_FOR_A_LOCK = "20s"


class SwitchedNothing(RuntimeError):
    """The protection was not there to be taken away, so the test proves nothing of it."""


class InProcess:
    """Taken away while the test's own function runs."""

    @contextmanager
    def off(self) -> Iterator[None]:
        raise NotImplementedError


class InDatabase:
    """Taken away by the database's owner, before the test's own transaction begins."""

    @contextmanager
    def off(self, owner: psycopg.Connection[Any]) -> Iterator[None]:
        raise NotImplementedError


def owner_of(url: str) -> psycopg.Connection[Any]:
    """The owner, in the database that the tests use now."""
    name = connection.settings_dict["NAME"]
    return psycopg.connect(
        urlunsplit(urlsplit(url)._replace(path=f"/{name}")),
        autocommit=True,
        options=f"-c lock_timeout={LONGEST_WAIT_FOR_A_LOCK}",
    )


@dataclass(frozen=True)
class RowLock(InProcess):
    """The row lock that one function of the code takes: module and name."""

    site: str

    @contextmanager
    def off(self) -> Iterator[None]:
        used, real = [], QuerySet.select_for_update

        def without(rows: QuerySet, *args: Any, **kwargs: Any) -> QuerySet:
            if _site_of_call() != self.site:
                return real(rows, *args, **kwargs)
            used.append(self.site)
            return rows.all()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(QuerySet, "select_for_update", without)
            yield from _watched(used, self.site)


def _site_of_call() -> str:
    """The function outside Django that asked."""
    frame: Any = sys._getframe(2)
    while frame.f_globals["__name__"].startswith("django."):
        frame = frame.f_back
    return f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}"


@dataclass(frozen=True)
class AdvisoryLock(InProcess):
    """A lock on a name, known by a part of its statement."""

    words: str

    @contextmanager
    def off(self) -> Iterator[None]:
        used, real = [], CursorWrapper.execute

        def without(cursor: CursorWrapper, sql: str, params: Any = None) -> Any:
            if "advisory" not in str(sql) or self.words not in str(sql):
                return real(cursor, sql, params)
            used.append(self.words)
            return real(cursor, "SELECT true")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(CursorWrapper, "execute", without)
            yield from _watched(used, self.words)


def _watched(used: list[str], what: str) -> Iterator[None]:
    try:
        yield
    finally:
        if not used:
            raise SwitchedNothing(what)


@dataclass(frozen=True)
class Patched(InProcess):
    """A name of the code that means something else."""

    target: str
    value: Any

    @contextmanager
    def off(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.target, self.value)
            yield


@dataclass(frozen=True)
class Settings(InProcess):
    """Settings with other values."""

    values: dict[str, Any] = field(hash=False)

    @contextmanager
    def off(self) -> Iterator[None]:
        if all(getattr(settings, name) == value for name, value in self.values.items()):
            raise SwitchedNothing(str(self.values))
        with override_settings(**self.values):
            yield


@dataclass(frozen=True)
class WithoutMiddleware(InProcess):
    path: str

    @contextmanager
    def off(self) -> Iterator[None]:
        others = [path for path in settings.MIDDLEWARE if path != self.path]
        if len(others) == len(settings.MIDDLEWARE):
            raise SwitchedNothing(self.path)
        with override_settings(MIDDLEWARE=others):
            yield


@dataclass(frozen=True)
class InRenderer(InProcess):
    """The program that prints PDFs, with a piece of it replaced."""

    old: str
    new: str

    @contextmanager
    def off(self) -> Iterator[None]:
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            other = Path(folder) / "render.py"
            other.write_text(_replaced(printing.RENDER.read_text(), self.old, self.new))
            patch.setattr(printing, "RENDER", other)
            yield


@dataclass(frozen=True)
class InFunction(InDatabase):
    """A function of the database, with a piece of it replaced."""

    function: str
    old: str
    new: str = ""

    @contextmanager
    def off(self, owner: psycopg.Connection[Any]) -> Iterator[None]:
        row = owner.execute("SELECT pg_get_functiondef(%s::regproc)", [self.function]).fetchone()
        definition = row[0] if row else ""
        owner.execute(_replaced(definition, self.old, self.new))
        try:
            yield
        finally:
            owner.execute(definition)


def _replaced(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise SwitchedNothing(f"{text.count(old)} times: {old}")
    return text.replace(old, new)


@dataclass(frozen=True)
class Opened(InDatabase):
    """One more policy, under which a kind of actor does something with the rows of tables."""

    kind: Kind
    models: Sequence[str]
    command: str = "SELECT"
    rows: str = "true"

    @contextmanager
    def off(self, owner: psycopg.Connection[Any]) -> Iterator[None]:
        role, clause = self.kind.database_role, self._clause()
        tables = [f'"{apps.get_model(model)._meta.db_table}"' for model in self.models]
        given = []
        try:
            for table in tables:
                if not _may(owner, role, table, self.command):
                    owner.execute(f"GRANT {self.command} ON {table} TO {role}")
                    given.append(table)
                statement = f"CREATE POLICY off_switch ON {table} FOR {self.command} TO {role}"
                owner.execute(f"{statement} {clause}")
            yield
        finally:
            for table in tables:
                owner.execute(f"DROP POLICY IF EXISTS off_switch ON {table}")
            for table in given:
                owner.execute(f"REVOKE {self.command} ON {table} FROM {role}")

    def _clause(self) -> str:
        using, check = f"USING ({self.rows})", f"WITH CHECK ({self.rows})"
        return {"SELECT": using, "DELETE": using, "INSERT": check}.get(
            self.command, f"{using} {check}"
        )


def _may(owner: psycopg.Connection[Any], role: str, table: str, command: str) -> bool:
    asked = owner.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, command])
    return bool(asked.fetchone()[0])  # type: ignore[index]


@dataclass(frozen=True)
class Granted(InDatabase):
    """A right that a kind of actor does not have."""

    right: str
    role: str

    @contextmanager
    def off(self, owner: psycopg.Connection[Any]) -> Iterator[None]:
        owner.execute(f"GRANT {self.right} TO {self.role}")
        try:
            yield
        finally:
            owner.execute(f"REVOKE {self.right} FROM {self.role}")


@dataclass(frozen=True)
class Untriggered(InDatabase):
    """A trigger that does not fire."""

    table: str
    trigger: str

    @contextmanager
    def off(self, owner: psycopg.Connection[Any]) -> Iterator[None]:
        owner.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER {self.trigger}")
        try:
            yield
        finally:
            owner.execute(f"ALTER TABLE {self.table} ENABLE TRIGGER {self.trigger}")


@dataclass(frozen=True)
class Unconstrained(InDatabase):
    """A unique constraint, or a unique index, that is not there."""

    table: str
    constraint: str

    @contextmanager
    def off(self, owner: psycopg.Connection[Any]) -> Iterator[None]:
        row = owner.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = %s AND conrelid = %s::regclass",
            [self.constraint, self.table],
        ).fetchone()
        if row:
            owner.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.constraint}")
            back = f"ALTER TABLE {self.table} ADD CONSTRAINT {self.constraint} {row[0]}"
        else:
            index = owner.execute("SELECT pg_get_indexdef(%s::regclass)", [self.constraint])
            back = index.fetchone()[0]  # type: ignore[index]
            owner.execute(f"DROP INDEX {self.constraint}")
        try:
            yield
        finally:
            owner.execute(back)
