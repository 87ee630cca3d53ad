"""
The receipt time of a request: when its last byte had arrived, never what a client says.

In production nginx stamps it, and the application listens where only nginx can reach it.
In the demonstration, which has no nginx, `EdgeStamp` does the same around the application.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Received-At"
KEY = "HTTP_X_RECEIVED_AT"

MEGABYTE = 1024 * 1024
LARGEST_BODY = 10 * MEGABYTE
# A browser shows the answer only once it has sent everything, so a little more is read and dropped.
LARGEST_BODY_READ_TO_THE_END = 10 * LARGEST_BODY
KEPT_IN_MEMORY = MEGABYTE
PIECE = 64 * 1024

_STAMP = re.compile(r"([0-9]{10})\.([0-9]{3,6})")

TOO_LARGE = f"What you sent is larger than {LARGEST_BODY // MEGABYTE} megabytes"
CUT_SHORT = "What you sent did not arrive completely"
ADVICE = {
    TOO_LARGE: "Nothing was saved. Go back, choose smaller files, and send them again.",
    CUT_SHORT: "Nothing was saved. Check your connection, go back, and send it again.",
}
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1><p>{advice}</p></main></body></html>
"""


class NotStamped(RuntimeError):
    """What stands in the stamp's place is none: a fault of the installation, not of the person."""


def received_at(environ: Mapping[str, Any]) -> datetime | None:
    """
    When the request had arrived, in UTC; None where no edge stands before the application.

    :raises NotStamped: the stamp is not one instant.
    """
    written = environ.get(KEY)
    if written is None:
        return None
    stamp = _STAMP.fullmatch(written)
    if stamp is None:
        raise NotStamped(f"{HEADER} is not as the edge writes it: see deploy/nginx.conf")
    seconds, fraction = stamp.groups()
    since_epoch = timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")))
    return datetime(1970, 1, 1, tzinfo=UTC) + since_epoch


class EdgeStamp:
    """The outermost WSGI layer: reads the whole body, bounded, and only then stamps."""

    def __init__(
        self, application: WSGIApplication, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.application = application
        self.clock = clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        promised = _promised(environ)
        body = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 -- _Answer closes it
        received = _read_into(body, environ["wsgi.input"], promised)
        # Every spelling of the header becomes this one key, so no client's value survives.
        environ[KEY] = f"{self.clock():.6f}"
        problem = _problem(received, promised)
        if problem:
            body.close()
            return _refuse(problem, start_response)
        body.seek(0)
        environ["wsgi.input"] = body
        environ["CONTENT_LENGTH"] = str(received)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return _Answer(self.application(environ, start_response), body)


class _Answer:
    """The application's answer; the request's body is let go when the server has sent it."""

    def __init__(self, parts: Iterable[bytes], body: SpooledTemporaryFile[bytes]) -> None:
        self.parts = parts
        self.body = body

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.body.close()
        close = getattr(self.parts, "close", None)
        if close is not None:
            close()


def _promised(environ: WSGIEnvironment) -> int | None:
    """How many bytes the client said it would send; None when it sends in chunks."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal():
        return int(length)
    return None if environ.get("HTTP_TRANSFER_ENCODING") else 0


def _read_into(body: SpooledTemporaryFile[bytes], stream: Any, promised: int | None) -> int:
    """Read what was sent; keep it while it is small enough; return how much there was."""
    bound = LARGEST_BODY_READ_TO_THE_END
    left = bound if promised is None else min(promised, bound)
    received = 0
    while left > 0:
        piece = stream.read(min(PIECE, left))
        if not piece:
            break
        received += len(piece)
        left -= len(piece)
        if received <= LARGEST_BODY:
            body.write(piece)
    return received


def _problem(received: int, promised: int | None) -> str | None:
    if received > LARGEST_BODY or (promised or 0) > LARGEST_BODY:
        return TOO_LARGE
    return CUT_SHORT if promised is not None and received < promised else None


def _refuse(problem: str, start_response: StartResponse) -> list[bytes]:
    page = PAGE.format(title=problem, advice=ADVICE[problem]).encode()
    start_response(
        "400 Bad Request",
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("Referrer-Policy", "no-referrer"),
        ],
    )
    return [page]
