"""System checks: a table that is partitioned wrongly does not start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection, models

from dps.tenancy.models import TenantForeignKey
from dps.tenancy.partitioned import KEY, Partitioned


@register(Tags.models)
def check_partitioned_models(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [error for model in apps.get_models() for error in _faults(model)]


def _faults(model: type[models.Model]) -> Iterator[Error]:
    partitioned = issubclass(model, Partitioned)
    has_key = any(f.name == KEY and not f.null for f in model._meta.local_fields)
    if partitioned and not has_key:
        yield _error(model, 1, "a partitioned model needs an authority that is not null")
    for field in model._meta.local_fields:
        if partitioned and field.unique and not field.primary_key:
            yield _error(model, 2, f"{field.name}: name the authority in a UniqueConstraint")
        if _points_to_partitioned(field) and not (isinstance(field, TenantForeignKey) and has_key):
            yield _error(model, 3, f"{field.name}: use TenantForeignKey beside an authority")
    if partitioned:
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and KEY not in constraint.fields:
                yield _error(model, 4, f"{constraint.name} must include the authority")
        if model._meta.local_many_to_many:
            yield _error(model, 5, "a partitioned model has no many-to-many field")


def _points_to_partitioned(field: Any) -> bool:
    remote = field.remote_field
    target = getattr(remote, "model", None)
    return isinstance(target, type) and issubclass(target, Partitioned) and field.db_constraint


def _error(model: type[models.Model], number: int, words: str) -> Error:
    return Error(words, obj=model, id=f"dps.tenancy.E00{number}")


@register(Tags.database, deploy=True)
def check_login_role(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """The application must not log in as somebody whom policies do not bind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c"
            " WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        unbound = cursor.fetchone()[0]
    words = "The database login is an owner, a superuser or bypasses row security. Use dps_app."
    return [Error(words, id="dps.tenancy.E006")] if unbound else []


@register(Tags.security, deploy=True)
def check_clock(app_configs: Any, **kwargs: Any) -> list[Error]:
    words = "CLOCK_MAY_MOVE is for the demo and the tests only."
    return [Error(words, id="dps.tenancy.E007")] if settings.CLOCK_MAY_MOVE else []
