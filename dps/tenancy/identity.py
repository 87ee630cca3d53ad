"""Who is asking, told to the database once per transaction; policies and managers read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from dps.actors import Actor

current: ContextVar[Actor | None] = ContextVar("dps_actor", default=None)

_IDENTIFY = (
    "SELECT set_config('role', %s, true), set_config('app.authority_id', %s, true),"
    " set_config('app.provider_id', %s, true), set_config('app.person_id', %s, true),"
    " set_config('app.choice_id', %s, true)"
)


class ClockMayNotMove(RuntimeError):
    """Only the demo's loader and the tests may act at another time than now."""


@contextmanager
def acting_as(actor: Actor, *, at: datetime | None = None) -> Iterator[Actor]:
    """Open a transaction (or a savepoint) and act as `actor` until its end.

    `at` moves the database's clock for a replayed history.

    :raises ClockMayNotMove: `at` was given where the clock is fixed.
    """
    outer = current.get()
    with transaction.atomic():
        _identify(actor)
        if at is not None:
            _move_clock(at)
        token = current.set(actor)
        try:
            yield actor
        finally:
            current.reset(token)
        # On an exception the savepoint's rollback puts the outer identity back by itself.
        if connection.savepoint_ids:
            _identify(outer)


@contextmanager
def signing_in() -> Iterator[None]:
    """Act as the bare login role, which alone may write accounts; then as the caller again."""
    outer = current.get()
    with transaction.atomic():
        _identify(None)
        token = current.set(None)
        try:
            yield
        finally:
            current.reset(token)
        if connection.savepoint_ids:
            _identify(outer)


def _identify(actor: Actor | None) -> None:
    values = ["none", "", "", "", ""]
    if actor is not None:
        values = [
            actor.kind.database_role,
            _text(actor.authority_id),
            _text(actor.provider_id),
            _text(actor.person_id),
            _text(actor.choice_id),
        ]
    with connection.cursor() as cursor:
        cursor.execute(_IDENTIFY, values)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _move_clock(at: datetime) -> None:
    if not settings.CLOCK_MAY_MOVE:
        raise ClockMayNotMove
    shift = f"{(at - timezone.now()).total_seconds():.6f} seconds"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.clock_shift', %s, true)", [shift])
