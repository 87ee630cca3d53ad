"""Thousands of rows in one statement: the database reads them from JSON, and its policies hold."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from django.db import connection
from django.db.models import Model
from psycopg import sql

Row = dict[str, object]
"""Values by the names of the columns."""

_INSERT = sql.SQL(
    "INSERT INTO {table} ({names}) SELECT {said} FROM json_to_recordset(%s) AS said ({types})"
)
_UPDATE = sql.SQL(
    "UPDATE {table} AS changed SET ({names}) = ROW ({said})"
    " FROM json_to_recordset(%s) AS said ({types}) WHERE changed.id = said.id{only}"
)
_COMMA = sql.SQL(", ")


def insert_many(model: type[Model], rows: Sequence[Row]) -> None:
    """Insert rows, each with the columns of the first; nothing is filled in by Django."""
    if rows:
        _run(_INSERT, model, list(rows[0]), rows)


def update_many(
    model: type[Model], rows: Sequence[Row], names: Sequence[str], *, authority_id: int | None
) -> None:
    """Set the named columns of the rows with these ids.

    `authority_id` finds the partition while planning; None for a table without partitions.
    """
    only = sql.SQL("")
    if authority_id is not None:
        only = sql.SQL(" AND changed.authority_id = {}").format(sql.Literal(authority_id))
    if rows:
        _run(_UPDATE, model, list(names), rows, only=only)


def _run(
    template: sql.SQL,
    model: type[Model],
    names: list[str],
    rows: Sequence[Row],
    **parts: sql.Composable,
) -> None:
    columns = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    types = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(columns[name]))
        for name in dict.fromkeys(["id", *names])
    ]
    statement = template.format(
        table=sql.Identifier(model._meta.db_table),
        names=_COMMA.join(map(sql.Identifier, names)),
        said=_COMMA.join(sql.Identifier("said", name) for name in names),
        types=_COMMA.join(types),
        **parts,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), [orjson.dumps(rows).decode()])
