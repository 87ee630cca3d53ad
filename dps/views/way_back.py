"""Where somebody was, when a page sent them elsewhere for something that it lacks."""

from __future__ import annotations

from typing import Any

KEY = "way_back"


def remember(request: Any, text: str) -> None:
    """This page is where to go back to, in these words; only pages of ours call this."""
    here = {"href": request.path, "text": text}
    if request.session.get(KEY) != here:
        request.session[KEY] = here


def way_back(request: Any) -> dict[str, str] | None:
    """The page that sent the person here, if any did since they signed in."""
    found: dict[str, str] | None = request.session.get(KEY)
    return found
