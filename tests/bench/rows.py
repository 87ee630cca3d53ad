"""Many rows from one: copies that the owner of the database writes, past triggers and policies."""

from __future__ import annotations

from uuid import UUID

import psycopg
from psycopg import sql

from tests.database import TestDatabase

COLUMNS = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
    " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"
)


class Mass:
    """Makes `number` copies of a row; `n` counts them from 1."""

    def __init__(self, database: TestDatabase) -> None:
        self.database = database

    def copy(self, table: str, row_id: UUID | int, number: int, **changes: str) -> None:
        """`changes` are SQL expressions of `n` and of the row `t`; each copy gets a new id."""
        changes.setdefault("id", copied("t.id"))
        with self.database._connect() as owner:
            names = [name for (name,) in owner.execute(COLUMNS, [table])]
            values = [
                sql.SQL(changes[name]) if name in changes else sql.SQL("t.") + sql.Identifier(name)
                for name in names
            ]
            statement = sql.SQL(
                "INSERT INTO {table} ({names}) SELECT {values} FROM {table} t,"
                " generate_series(1, {number}) n WHERE t.id = {row_id}"
            ).format(
                table=sql.Identifier(table),
                names=sql.SQL(", ").join(map(sql.Identifier, names)),
                values=sql.SQL(", ").join(values),
                number=sql.Literal(number),
                row_id=sql.Literal(row_id),
            )
            owner.execute(statement)

    def delete(self, table: str, where: str) -> None:
        with self.database._connect() as owner:
            owner.execute(f"DELETE FROM {table} WHERE {where}")  # type: ignore[arg-type]

    def vacuum(self) -> None:
        """As the server itself does a while after so many rows."""
        with psycopg.connect(self.database.owner_url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")


def copied(row_id: UUID | str) -> str:
    """The id of the nth copy of that row: the same wherever a copy of another row points to it."""
    text = row_id if isinstance(row_id, str) and "." in row_id else f"'{row_id}'"
    return f"md5({text} || ' ' || n)::uuid"
