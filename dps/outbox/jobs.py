"""Which function does which job. Handlers register by name; a test compares the two lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dps.actors import Actor

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}


class DuplicateJob(RuntimeError):
    """Two functions claim the same job."""


def job(name: str) -> Callable[[Handler], Handler]:
    """Register the function that does a job: called with ids, `actor` (the system) and `now`."""

    def register(handler: Handler) -> Handler:
        if name in HANDLERS:
            raise DuplicateJob(name)
        HANDLERS[name] = handler
        return handler

    return register


def perform(name: str, ids: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    HANDLERS[name](**ids, actor=actor, now=now)
