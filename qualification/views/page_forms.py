"""What the team's pages with a form do alike: show it, save it, or show what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dps.refusals import Refusal
from dps.views.access import record_refusal


def posted(request: Any) -> Any:
    """What was sent, for a form: None on a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def save(request: Any, form: Any, act: Callable[[dict[str, Any]], object], what: str) -> int:
    """The status of the answer: 303 when it was saved, 200 when nothing was sent.

    A refusal stands at its field, with everything that was typed.
    """
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 400
    try:
        act(form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        record_refusal(request, refusal, what)
        return refusal.status
    return 303
