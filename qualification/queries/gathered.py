"""Rows fetched together with the row that they hang on, so that a page asks less often."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Field, Model, QuerySet
from django.db.models.functions import JSONObject

Row = TypeVar("Row", bound=Model)


def gathered(rows: QuerySet[Any], *joined: str) -> ArraySubquery:
    """All columns of these rows, and of the single rows `joined` to them, as one annotation.

    `rows` name the row around them by OuterRef; `rows_of` makes models of what comes back.
    """
    columns = {name: name for name in _columns(rows.model)}
    for name in joined:
        columns |= {
            f"{name}__{each}": f"{name}__{each}" for each in _columns(_of(rows.model, name))
        }
    return ArraySubquery(rows.values(each=JSONObject(**columns)))


def rows_of(
    model: type[Row], found: Collection[Mapping[str, Any]] | None, *joined: str
) -> list[Row]:
    """What `gathered` has brought, in its order, with the rows joined to each."""
    return [_made(model, each, joined) for each in found or ()]


def _made(model: type[Row], found: Mapping[str, Any], joined: Collection[str]) -> Row:
    row = _row(model, found, "")
    for name in joined:
        other = _row(_of(model, name), found, f"{name}__")
        setattr(row, name, None if other.pk is None else other)
    return row


def _row(model: type[Row], found: Mapping[str, Any], prefix: str) -> Row:
    # JSON has neither dates nor ids: each column reads its own back.
    values = [each.to_python(found[prefix + each.attname]) for each in _fields(model)]
    return model.from_db(None, _columns(model), values)


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in _fields(model)]


def _of(model: type[Model], name: str) -> type[Model]:
    return model._meta.get_field(name).related_model  # type: ignore[return-value]
