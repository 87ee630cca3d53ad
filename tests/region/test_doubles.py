"""
Nothing stands twice: every unique constraint refuses a copy of a row, and it alone does.

Tried by the owner of the database, with triggers off and every other unique constraint of the
table dropped; with this one dropped too, the copy goes in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.test import TransactionTestCase

pytestmark = pytest.mark.django_db(transaction=True)
APPS = ("dps", "providers", "qualification", "referrals", "contracts")
LARGE = 900_000
# No provider of the demo region has told its company's number.
A_NUMBER = (
    "UPDATE providers_provider SET company_number = '01234567'"
    " WHERE id = (SELECT id FROM providers_provider LIMIT 1)"
)
UNIQUE = """
SELECT t.relname, i.relname, c.oid IS NOT NULL,
       coalesce(pg_get_expr(x.indpred, x.indrelid), 'true'), x.indnullsnotdistinct,
       ARRAY(SELECT pg_get_indexdef(x.indexrelid, n, false)
               FROM generate_series(1, x.indnkeyatts) n)
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class t ON t.oid = x.indrelid
  LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.conrelid = x.indrelid
       AND c.contype = 'u'
 WHERE x.indisunique AND NOT x.indisprimary AND NOT t.relispartition AND t.relname = ANY(%s)
 ORDER BY 1, 2
"""
WRITTEN = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
   AND NOT attisdropped AND attgenerated = ''
"""


@dataclass(frozen=True)
class Unique:
    """A unique constraint or index, with the rows that it is about."""

    table: str
    name: str
    is_constraint: bool
    condition: str
    nulls_are_equal: bool
    keys: list[str]

    @property
    def dropped(self) -> str:
        if self.is_constraint:
            return f'ALTER TABLE {self.table} DROP CONSTRAINT "{self.name}"'
        return f'DROP INDEX "{self.name}"'

    @property
    def rows(self) -> str:
        nulls = [] if self.nulls_are_equal else [f"{key} IS NOT NULL" for key in self.keys]
        return " AND ".join([f"({self.condition})", *nulls])


@pytest.fixture(scope="module", autouse=True)
def _nothing_to_clear(demo_region):
    """Everything happens in the module's own copy of the region."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: None)
        yield


@pytest.fixture(scope="module")
def uniques(owner):
    owner.execute(A_NUMBER)
    tables = [m._meta.db_table for app in APPS for m in apps.get_app_config(app).get_models()]
    return [Unique(*row) for row in owner.execute(UNIQUE, [tables]).fetchall()]


def key_of(table: str) -> str:
    models = [m for m in apps.get_models() if m._meta.db_table == table]
    return models[0]._meta.pk.column


def another_key(old: Any) -> Any:
    return old + LARGE if isinstance(old, int) else str(uuid4())


def a_copy(owner: psycopg.Connection[Any], unique: Unique) -> str | None:
    """A row that the constraint is about, under another primary key."""
    query = f"SELECT row_to_json(t) FROM {unique.table} t WHERE {unique.rows} LIMIT 1"
    found = owner.execute(query).fetchone()
    if found is None:
        return None
    row, key = found[0], key_of(unique.table)
    return json.dumps(row | {key: another_key(row[key])})


@contextmanager
def rolled_back(owner: psycopg.Connection[Any]) -> Iterator[None]:
    with owner.transaction(force_rollback=True):
        owner.execute("SET LOCAL session_replication_role = replica")
        yield


def goes_in(owner: psycopg.Connection[Any], unique: Unique, copy: str) -> bool:
    columns = ", ".join(f'"{name}"' for (name,) in owner.execute(WRITTEN, [unique.table]))
    statement = (
        f"INSERT INTO {unique.table} ({columns})"
        f" SELECT {columns} FROM json_populate_record(NULL::{unique.table}, %s::json)"
    )
    try:
        with owner.transaction():
            owner.execute(statement, [copy])
    except psycopg.errors.UniqueViolation:
        return False
    return True


def test_every_unique_constraint_refuses_a_copy_and_nothing_else_does(owner, uniques):
    wrong, untried = [], []
    for unique in uniques:
        copy = a_copy(owner, unique)
        if copy is None:
            untried.append(unique.name)
            continue
        with rolled_back(owner):
            for other in uniques:
                if other.table == unique.table and other.name != unique.name:
                    owner.execute(other.dropped)
            with_it = goes_in(owner, unique, copy)
            owner.execute(unique.dropped)
            without_it = goes_in(owner, unique, copy)
        if (with_it, without_it) != (False, True):
            wrong.append((unique.name, with_it, without_it))

    assert (wrong, untried) == ([], [])


def test_there_are_as_many_as_the_models_say(uniques):
    named = {
        constraint.name
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if type(constraint).__name__ == "UniqueConstraint"
    }

    assert named - {unique.name for unique in uniques} == set()
