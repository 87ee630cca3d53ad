"""
Two people at once, on real transactions, in an order that the test sets.

The first does its work and keeps its transaction open; the second starts only then. Either it
waits for a lock of the first, or it goes on without waiting: the test sees which, every time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier, Event, Thread
from typing import Any

from django.db import connection, connections

from dps.actors import Actor
from dps.refusals import Refusal
from dps.tenancy.identity import acting_as

Call = Callable[[], object]
Hold = Callable[[], None]
LONGEST = 60.0


@dataclass(frozen=True)
class InTurn:
    """What the two gave or raised, and whether the second waited for the first."""

    first: Any
    second: Any
    waited: bool

    @property
    def both(self) -> tuple[Any, Any]:
        return self.first, self.second


class _Worker(Thread):
    """A call in a thread and a connection of its own."""

    def __init__(self, call: Call) -> None:
        super().__init__(daemon=True)
        self.call, self.result = call, None
        self.session, self.has_connected = 0, Event()

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.session = connection.connection.info.backend_pid
            self.has_connected.set()
            self.result = self.call()
        except Exception as problem:
            self.result = problem
        finally:
            connections.close_all()

    def waits_for(self, other: _Worker) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s = ANY(pg_blocking_pids(%s))", [other.session, self.session])
            return bool(cursor.fetchone()[0])


def act(service: Callable[..., Any], *args: Any, actor: Actor, now: datetime, **what: Any) -> Any:
    """A service's call as that actor, the database's clock at `now`; `hold` keeps it open."""

    def call(hold: Hold | None = None) -> Any:
        with acting_as(actor, at=now):
            result = service(*args, actor=actor, now=now, **what)
            if hold is not None:
                hold()
        return result

    return call


def in_turn(first: Callable[[Hold], object], second: Call) -> InTurn:
    """`first` calls what it is given while its transaction is open; then `second` begins."""
    is_open, may_end = Event(), Event()

    def hold() -> None:
        is_open.set()
        assert may_end.wait(LONGEST)

    one, two = _Worker(lambda: first(hold)), _Worker(second)
    one.start()
    try:
        _until(lambda: is_open.is_set() or not one.is_alive())
        assert is_open.is_set(), f"the first did not get so far: {one.result!r}"
        two.start()
        assert two.has_connected.wait(LONGEST)
        waited = _until(lambda: not two.is_alive() or (two.waits_for(one) and "waits"))
    finally:
        may_end.set()
    one.join(LONGEST)
    two.join(LONGEST)
    assert not (one.is_alive() or two.is_alive()), "they wait for each other"
    return InTurn(one.result, two.result, waited == "waits")


def together(*calls: Call) -> list[Any]:
    """Each call in a thread of its own, started at once; what it gave or raised, in order."""
    start = Barrier(len(calls))

    def after_the_start(call: Call) -> Call:
        def run() -> object:
            start.wait(LONGEST)
            return call()

        return run

    workers = [_Worker(after_the_start(call)) for call in calls]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(LONGEST)
    return [worker.result for worker in workers]


def refusals(results: Any) -> list[type[Refusal]]:
    """What was raised; everything but a refusal would be a page that says 500."""
    raised = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Refusal) for one in raised), raised
    return [type(one) for one in raised]


def _until(condition: Callable[[], Any]) -> Any:
    """What the condition gave once it was true."""
    end = time.monotonic() + LONGEST
    while not (found := condition()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)
    return found
