"""Which function does which job. Handlers register by name; a test compares the two lists."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps

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
    """Do one job. :raises KeyError: no function does it."""
    load_handlers()
    HANDLERS[name](**ids, actor=actor, now=now)


@cache
def load_handlers() -> None:
    """Import every app's `tasks`, which import the services that do jobs."""
    for config in apps.get_app_configs():
        if importlib.util.find_spec(f"{config.name}.tasks"):
            importlib.import_module(f"{config.name}.tasks")
