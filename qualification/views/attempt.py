"""Trying one service call from a form: its refusal stands at the field, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dps.govuk.forms import GovForm
from dps.refusals import Refusal
from dps.views.access import record_refusal

DONE = 0


def attempt(request: Any, form: GovForm, what: str, call: Callable[[], object]) -> int:
    """DONE, or the status with which the page with the form is shown again.

    An unbound form is 200, one with mistakes 400, a refused one as the refusal says.
    """
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 400
    try:
        call()
    except Refusal as refusal:
        at = refusal.field if refusal.field in form.fields else None
        form.add_error(at, refusal.message)
        record_refusal(request, refusal, what)
        return refusal.status
    return DONE


def posted(request: Any) -> Any:
    """What a form is bound to: nothing unless something was sent."""
    return request.POST if request.method == "POST" else None
