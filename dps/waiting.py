"""What waits for a person: each app contributes items to the start page."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps

from dps.actors import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the start page: what to do, on what, by when."""

    text: str
    href: str
    detail: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what waits under it, and where the rest is."""

    heading: str
    items: tuple[Waiting, ...]
    empty: str
    more_text: str = ""
    more_href: str = ""


def sections_for(actor: Actor, now: datetime) -> Iterator[Section]:
    """Every app's `<app>/presenters/start.py: sections(actor, now)`, in the order of the apps."""
    for config in apps.get_app_configs():
        name = f"{config.name}.presenters.start"
        if _exists(name):
            yield from importlib.import_module(name).sections(actor, now)


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
