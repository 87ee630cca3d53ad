"""Asking the site in bytes of our own choosing; what a request changes is rolled back."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from io import BytesIO
from itertools import count
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from django.db import transaction
from django.test import Client

URLENCODED = "application/x-www-form-urlencoded"
Pairs = Iterable[tuple[str, str | bytes]]
CALLERS = count(1)


def get(client: Client, path: str, query: str = "", **meta: Any) -> Any:
    return ask(client, "GET", path, query=query, **meta)


def post(client: Client, path: str, pairs: Pairs, **meta: Any) -> Any:
    return ask(client, "POST", path, body=encoded(pairs).encode(), kind=URLENCODED, **meta)


def ask(
    client: Client,
    method: str,
    path: str,
    *,
    query: str = "",
    body: bytes = b"",
    kind: str = "",
    **meta: Any,
) -> Any:
    """One request as it would come off the wire: `path` and `query` are percent-encoded."""
    path, _, own = path.partition("?")
    environ = {
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": "&".join(filter(None, (own, query))),
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": _caller(),
        # A stream that ends where the bytes end, whatever length was promised.
        "wsgi.input": BytesIO(body),
        **meta,
    }
    held = copy.copy(client.cookies)
    with transaction.atomic():
        response = client.generic(method, "/", **environ)
        transaction.set_rollback(True)
    client.cookies = held
    return response


def encoded(pairs: Pairs) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _quoted(value: str | bytes) -> str:
    return quote_from_bytes(value if isinstance(value, bytes) else value.encode())


def _caller() -> str:
    """Each from an address of its own, so that no limit on callers hides what is behind it."""
    number = next(CALLERS)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
