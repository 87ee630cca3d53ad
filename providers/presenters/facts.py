"""What higher apps know of an establishment: the directory shows it, and knows nothing of them.

An app contributes by a module `<app>/presenters/establishment_facts.py` with two functions:
`facts(establishment_ids, actor) -> dict[UUID, list[Fact]]`, what this actor may see, and
`ids_qualified_in(category_code) -> collection of UUID`.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from uuid import UUID

from django.apps import apps

from dps.actors import Actor

MODULE = "presenters.establishment_facts"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to know: "SEN day", "Qualified", green. Without a colour it is plain words."""

    label: str
    value: str
    tag_colour: str = ""
    href: str = ""
    """Where those who may do something about it do it, and `action`, the word for that."""
    action: str = ""


def facts_about(establishment_ids: Iterable[UUID], actor: Actor) -> dict[UUID, list[Fact]]:
    """What every app says of these establishments to this actor."""
    ids = list(establishment_ids)
    told: dict[UUID, list[Fact]] = defaultdict(list)
    for module in _contributors():
        for establishment_id, facts in module.facts(ids, actor).items():
            told[establishment_id].extend(facts)
    return dict(told)


def qualified_ids(category_code: str) -> set[UUID]:
    """The establishments on the list of a category."""
    return {one for module in _contributors() for one in module.ids_qualified_in(category_code)}


def _contributors() -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        name = f"{config.name}.{MODULE}"
        if _exists(name):
            yield importlib.import_module(name)


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
