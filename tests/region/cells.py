"""
Every address × method × role × ownership, and what the permission table says of each.

Addresses are read from the URL configuration and people from the region, so that a new page is
tested without being named here; an address with a new kind of object fails until it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver

from dps.actors import CENTRAL_ROLES, PROVIDER_ROLES, Role
from dps.permissions import ALLOWED, Action

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROLES = tuple(role for role in Role if role not in (Role.PARENT, Role.PUBLIC, Role.SYSTEM))
THEIRS = "account/"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One of our addresses: its full name, its parameters and its view."""

    name: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def action(self) -> Action | None:
        """None: open to everybody, or to who holds a parent's link."""
        return self.view.action  # type: ignore[attr-defined, no-any-return]


def addresses() -> Iterator[Address]:
    yield from _walk(get_resolver(), route="", namespace="")


def _walk(resolver: Any, *, route: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        full = route + str(entry.pattern)
        if full.startswith(THEIRS):
            continue
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, route=full, namespace=inner)
        elif isinstance(entry, URLPattern):
            names = tuple(PARAMETER.findall(full))
            yield Address(f"{namespace}{entry.name}", names, entry.callback)


def answers(address: Address) -> tuple[str, ...]:
    """The methods that the view answers: the rest are 405 before anybody is asked who they are."""
    view = address.view
    while view is not None:
        code = getattr(view, "__code__", None)
        if code is not None and "request_method_list" in code.co_freevars:
            cell = view.__closure__[code.co_freevars.index("request_method_list")]
            return tuple(cell.cell_contents)
        view = getattr(view, "__wrapped__", None)
    return METHODS


def may(role: Role, address: Address) -> bool:
    return address.action is not None and role in ALLOWED[address.action]


def side(role: Role) -> str:
    if role in PROVIDER_ROLES:
        return "provider"
    return "central" if role in CENTRAL_ROLES else "authority"


def unknown(parameter: str) -> Any:
    """A well-formed value that names nothing."""
    if parameter in ("authority_id",):
        return 999
    if parameter in ("quarter",):
        return "1999-Q1"
    if parameter in ("code", "name", "stage", "section", "side", "step", "kind"):
        return "nothing"
    if parameter in ("number", "position", "revision"):
        return 99
    return uuid4()
