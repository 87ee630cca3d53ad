"""
HTML on standard input becomes a PDF on standard output: a program of its own, run in isolation.

It imports nothing of this project, reads no file, opens no connection, and limits itself before
it looks at its input, because text that strangers wrote ends up in it.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import NoReturn

from weasyprint import HTML
from weasyprint.urls import URLFetcher

SECONDS_OF_CPU = 8
BYTES_OF_MEMORY = 1024**3
BYTES_OF_FILE = 16 * 1024**2


class FetchesNothing(URLFetcher):
    """No picture, style sheet or attachment comes from anywhere."""

    def fetch(self, url: str, headers: object = None) -> NoReturn:  # noqa: ARG002
        raise ValueError("a document fetches nothing")


def limit_this_process() -> None:
    """Give up before the parent has to lose patience."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS_OF_CPU),
        (resource.RLIMIT_AS, BYTES_OF_MEMORY),
        (resource.RLIMIT_FSIZE, BYTES_OF_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        within = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (within, within))


def pdf_of(html: str) -> bytes:
    """A tagged PDF (PDF/UA-1). The same text always gives the same bytes."""
    pdf: bytes = HTML(string=html, url_fetcher=FetchesNothing()).write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def main() -> None:
    limit_this_process()
    html = sys.stdin.buffer.read().decode("utf-8")
    sys.stdout.buffer.write(pdf_of(html))
    sys.stdout.buffer.flush()
    # Not by way of the interpreter's end: it frees fonts and what borrowed them in any order.
    os._exit(0)


if __name__ == "__main__":
    main()
