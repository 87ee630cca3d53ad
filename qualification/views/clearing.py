"""Questions of the contract team about what was sent, as the provider sees them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dps.clock import london
from dps.permissions import Action
from dps.views.access import requires
from qualification.presenters import applying as words
from qualification.queries.joinings import points_to_clear

PAGE_SIZE = 25


@require_safe
@requires(Action.REPLY_ON_APPLICATION)
def points(request: Any) -> HttpResponse:
    """What was asked, what waits for a reply first."""
    page = Paginator(points_to_clear(request.actor.provider_id), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    today = london(request.received_at).date()
    context = {
        "head": words.POINTS_HEAD,
        "rows": [words.point_row(each, today) for each in page],
        "page_obj": page,
    }
    return render(request, "qualification/points.html", context)
