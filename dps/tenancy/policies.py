"""Row-level security as code: dropped and rebuilt as a whole after every migrate.

Each app names its tables in `<app>/policies.py`: a list TABLES of Guarded, Open and Also entries.
A table that nobody names has no grant at all, so that it cannot be read by accident.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from dps.actors import Kind

LOGIN = "dps_app"
EVERY_KIND = tuple(Kind)
READ = ("SELECT",)
WRITE = ("SELECT", "INSERT", "UPDATE")
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")

OWN_AUTHORITY = "authority_id = nullif(current_setting('app.authority_id', true), '')::bigint"
OWN_PROVIDER = "provider_id = nullif(current_setting('app.provider_id', true), '')::uuid"
OWN_PERSON = "nullif(current_setting('app.person_id', true), '')::uuid"
OWN_CHOICE = "nullif(current_setting('app.choice_id', true), '')::uuid"
EVERY_ROW = "true"


@dataclass(frozen=True)
class Policy:
    """What one kind of actor may do with which rows of a table."""

    kind: Kind
    commands: tuple[str, ...]
    rows: str
    check: str | None = None


@dataclass(frozen=True)
class Guarded:
    """A table under forced row-level security: partitioned, or shared with a policy."""

    model: str
    policies: tuple[Policy, ...]
    login: tuple[str, ...] = ()
    """Columns-wide commands of the bare login role (sign-in happens before there is an actor)."""


@dataclass(frozen=True)
class Open:
    """A table without row-level security, and why it needs none."""

    model: str
    why: str
    read: tuple[Kind, ...] = EVERY_KIND
    write: tuple[Kind, ...] = ()
    insert: tuple[Kind, ...] = ()
    """Kinds that may add rows, and change none."""
    login: tuple[str, ...] = READ
    columns: dict[Kind, tuple[str, ...]] = field(default_factory=dict)
    """Kinds that may read only these columns."""


@dataclass(frozen=True)
class Also:
    """Policies that a higher app adds to a guarded table of a lower one."""

    model: str
    policies: tuple[Policy, ...]


Table = Guarded | Open


def declared_tables() -> list[Table]:
    """What every installed app says of its tables, additions by higher apps included."""
    entries = [entry for config in apps.get_app_configs() for entry in _entries_of(config.name)]
    added: dict[str, tuple[Policy, ...]] = {}
    for entry in entries:
        if isinstance(entry, Also):
            added[entry.model] = added.get(entry.model, ()) + entry.policies
    tables = [entry for entry in entries if not isinstance(entry, Also)]
    return [
        replace(table, policies=table.policies + added.get(table.model, ()))
        if isinstance(table, Guarded)
        else table
        for table in tables
    ]


def _entries_of(app: str) -> list[Table | Also]:
    if importlib.util.find_spec(f"{app}.policies") is None:
        return []
    return list(importlib.import_module(f"{app}.policies").TABLES)


def table_name(table: Table) -> str:
    return apps.get_model(table.model)._meta.db_table


def rebuild_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    # A test's flush sends post_migrate without a plan; only the last app's turn counts.
    last = list(apps.get_app_configs())[-1]
    if "plan" in kwargs and sender.name == last.name:
        rebuild()


def rebuild() -> None:
    """Drop and make anew roles, functions, grants and policies."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def _statements() -> Iterator[str]:
    yield from _roles()
    yield from _functions()
    yield _FORGET_EVERYTHING
    for table in declared_tables():
        yield from _table_statements(table)


def _roles() -> Iterator[str]:
    names = [kind.database_role for kind in Kind]
    for name in [*names, LOGIN]:
        yield (
            f"DO $$ BEGIN CREATE ROLE {name} NOLOGIN NOBYPASSRLS; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    yield (
        f"DO $$ BEGIN IF NOT (SELECT rolcanlogin AND NOT rolinherit FROM pg_roles WHERE rolname = "
        f"'{LOGIN}') THEN ALTER ROLE {LOGIN} LOGIN NOINHERIT; END IF; END $$"
    )
    for name in names:
        yield (
            f"DO $$ BEGIN IF NOT pg_has_role('{LOGIN}', '{name}', 'MEMBER') THEN "
            f"GRANT {name} TO {LOGIN}; END IF; EXCEPTION WHEN unique_violation OR "
            "internal_error THEN NULL; END $$"
        )
    yield f"GRANT USAGE ON SCHEMA public TO {', '.join([*names, LOGIN])}"


def _functions() -> Iterator[str]:
    """The SQL functions and triggers of every app, in files `<app>/sql/*.sql`."""
    for config in apps.get_app_configs():
        folder = Path(config.path) / "sql"
        for path in sorted(folder.glob("*.sql")):
            yield path.read_text(encoding="utf-8")
    shift = (
        "coalesce(nullif(current_setting('app.clock_shift', true), '')::interval, '0'::interval)"
        if settings.CLOCK_MAY_MOVE
        else "'0'::interval"
    )
    yield (
        "CREATE OR REPLACE FUNCTION dps_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
        f"$f$ SELECT clock_timestamp() + {shift} $f$"
    )


_FORGET_EVERYTHING = f"""
DO $$ DECLARE item record; BEGIN
  FOR item IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP POLICY %I ON %I', item.policyname, item.tablename);
  END LOOP;
  REVOKE ALL ON ALL TABLES IN SCHEMA public FROM
    {", ".join([*(kind.database_role for kind in Kind), LOGIN])}, PUBLIC;
  GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO
    {", ".join([*(kind.database_role for kind in Kind), LOGIN])};
  FOR item IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relispartition
      AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity) LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', item.name);
  END LOOP;
END $$
"""


def _table_statements(table: Table) -> Iterator[str]:
    name = f'"{table_name(table)}"'
    if table.login:
        yield f"GRANT {', '.join(table.login)} ON {name} TO {LOGIN}"
    if isinstance(table, Guarded):
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield from _policy_statements(table, name)
        return
    yield f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"
    for kind in table.read:
        yield f"GRANT SELECT ON {name} TO {kind.database_role}"
    for kind in table.write:
        yield f"GRANT INSERT, UPDATE, DELETE ON {name} TO {kind.database_role}"
    for kind in table.insert:
        yield f"GRANT INSERT ON {name} TO {kind.database_role}"
    for kind, columns in table.columns.items():
        yield f"GRANT SELECT ({', '.join(columns)}) ON {name} TO {kind.database_role}"


def _policy_statements(table: Guarded, name: str) -> Iterator[str]:
    if table.login:
        yield f'CREATE POLICY "sign_in" ON {name} FOR ALL TO {LOGIN} USING (true)'
    for number, policy in enumerate(table.policies):
        role = policy.kind.database_role
        yield f"GRANT {', '.join(policy.commands)} ON {name} TO {role}"
        for command in policy.commands:
            clause = _clause(command, policy)
            yield (
                f'CREATE POLICY "{policy.kind}_{number}_{command.lower()}" ON {name} '
                f"FOR {command} TO {role} {clause}"
            )


def _clause(command: str, policy: Policy) -> str:
    check = policy.check or policy.rows
    return {
        "SELECT": f"USING ({policy.rows})",
        "DELETE": f"USING ({policy.rows})",
        "INSERT": f"WITH CHECK ({check})",
        "UPDATE": f"USING ({policy.rows}) WITH CHECK ({check})",
    }[command]
