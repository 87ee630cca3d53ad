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
LARGEST_BODY = 2 * MEGABYTE
# More than a file may have, so that a page says so at its field rather than the edge.
LARGEST_UPLOAD = 25 * MEGABYTE
TAKES_FILES = "/upload/"
"""The end of each address that takes files; deploy/nginx.conf knows it too."""
# A browser shows the answer only once it has sent everything, so a little more is read and dropped.
LARGEST_BODY_READ_TO_THE_END = 4 * LARGEST_UPLOAD
KEPT_IN_MEMORY = MEGABYTE
# Python reads no number of thousands of digits; this many are more than anybody may send.
MOST_DIGITS = 18
PIECE = 64 * 1024

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']*)", re.IGNORECASE)
OURS = ("utf-8", "utf8", "us-ascii")
NOT_OURS = "What you sent is not in the encoding of our pages"
PLAINLY = "Nothing was saved. Go back and send it again from our own page."

_STAMP = re.compile(r"([0-9]{10})\.([0-9]{3,6})")

SMALLER = "Nothing was saved. Go back, choose a smaller file or write less, and send it again."
AGAIN = "Nothing was saved. Check your connection, go back, and send it again."
CUT_SHORT = "What you sent did not arrive completely"
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


def largest_body(path: str) -> int:
    """How many bytes may be sent to an address."""
    return LARGEST_UPLOAD if path.endswith(TAKES_FILES) else LARGEST_BODY


def too_large(path: str) -> str:
    return f"What you sent is larger than {largest_body(path) // MEGABYTE} megabytes"


class EdgeStamp:
    """The outermost WSGI layer: reads the whole body, bounded, and only then stamps."""

    def __init__(
        self, application: WSGIApplication, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.application = application
        self.clock = clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        promised, path = _promised(environ), environ.get("PATH_INFO", "")
        body = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 -- _Answer closes it
        received = _read_into(body, environ["wsgi.input"], promised, most=largest_body(path))
        # Every spelling of the header becomes this one key, so no client's value survives.
        environ[KEY] = f"{self.clock():.6f}"
        if max(received, promised or 0) > largest_body(path):
            body.close()
            return _refuse(too_large(path), SMALLER, start_response)
        if promised is not None and received < promised:
            body.close()
            return _refuse(CUT_SHORT, AGAIN, start_response)
        body.seek(0)
        environ["wsgi.input"] = body
        environ["CONTENT_LENGTH"] = str(received)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return _Answer(self.application(environ, start_response), body)


class InUtf8:
    """Refuses what is said to be in another encoding: Django would read the address in it too."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = _CHARSET.search(environ.get("CONTENT_TYPE") or "")
        if said and said[1].lower() not in OURS:
            return _refuse(NOT_OURS, PLAINLY, start_response)
        return self.application(environ, start_response)


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


def length_in(text: str) -> int | None:
    """The length that a header names; None if it is no number. Beyond all bounds it is cut."""
    return int(text[:MOST_DIGITS]) if text.isdecimal() else None


def _promised(environ: WSGIEnvironment) -> int | None:
    """How many bytes the client said it would send; None when it sends in chunks."""
    length = length_in(environ.get("CONTENT_LENGTH") or "")
    if length is not None:
        return length
    return None if environ.get("HTTP_TRANSFER_ENCODING") else 0


def _read_into(
    body: SpooledTemporaryFile[bytes], stream: Any, promised: int | None, *, most: int
) -> int:
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
        if received <= most:
            body.write(piece)
    return received


def _refuse(problem: str, advice: str, start_response: StartResponse) -> list[bytes]:
    page = PAGE.format(title=problem, advice=advice).encode()
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
