"""What an answer must be: no 5xx, and a no that is a page of our own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DONE = {200, 204, 302, 303}
REFUSED = {400, 403, 404, 405, 409, 410, 413, 429}
# These answer a script or another program, which has words of its own.
FOR_SCRIPTS = ("/keep/", "/autosave/", "/api/", "/health/", "/static/")
NOT_ACCEPTABLE = 406
"""The interface for programs alone says so, in JSON."""


def faults(response: Any, asked: str) -> Iterator[str]:
    """What is wrong with this answer, in words; nothing if nothing is."""
    status, path = response.status_code, response.request["PATH_INFO"]
    told = f"{status} to {asked}"
    is_for_scripts = any(part in path for part in FOR_SCRIPTS)
    if status not in DONE | REFUSED and not (is_for_scripts and status == NOT_ACCEPTABLE):
        reason = repr(response.exc_info[1]) if getattr(response, "exc_info", None) else ""
        yield f"{told} {reason}".strip()[:400]
    elif status in REFUSED and not is_for_scripts:
        page = response.content
        if response.request["REQUEST_METHOD"] != "HEAD" and not _is_ours(page):
            yield f"{told} is no page of ours: {page[:80]!r}"


def _is_ours(page: bytes) -> bool:
    return page.count(b"<h1") == 1 and b"govuk-template" in page
