"""Jobs that keep failing, for those who look after the service."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dps.permissions import Action
from dps.presenters.failing import HEAD, row_of
from dps.queries.failing import failing_jobs
from dps.views.access import requires


@require_safe
@requires(Action.VIEW_FAILING_JOBS)
def failing(request: Any) -> HttpResponse:
    """Which kinds of work fail, for which council, since when. Nothing of what they are about."""
    rows = [row_of(one) for one in failing_jobs()]
    return render(request, "dps/failing.html", {"head": HEAD, "rows": rows})
