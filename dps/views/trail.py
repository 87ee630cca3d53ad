"""The audit trail, for those who may read it."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dps.models import AuditEvent
from dps.permissions import Action
from dps.queries.audit import events_visible_to
from dps.views.access import requires
from dps.views.downloads import MOST_ROWS, csv_file

PAGE_SIZE = 50


@require_safe
@requires(Action.VIEW_AUDIT_TRAIL)
def trail(request: Any) -> HttpResponse:
    events = _found(request)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [_row(event) for event in page]
    context = {"page_obj": page, "rows": rows, "search": request.GET.get("search", "")}
    return render(request, "dps/trail.html", context)


@require_safe
@requires(Action.VIEW_AUDIT_TRAIL)
def trail_csv(request: Any) -> HttpResponse:
    head = ("When", "Who", "What", "Subject", "Id", "Facts")
    rows = (_row(event) for event in _found(request)[:MOST_ROWS])
    lines = [
        [row["at"], row["who"], row["what"], row["subject"], row["id"], row["facts"]]
        for row in rows
    ]
    return csv_file("audit-trail", head, lines)


def _found(request: Any) -> QuerySet[AuditEvent]:
    events = events_visible_to(request.actor)
    search = request.GET.get("search", "").strip()[:60]
    if search:
        # People type what the page shows: "person signed in" is person.signed_in.
        action = search.replace(" ", ".", 1).replace(" ", "_")
        named = Q(action__istartswith=action) | Q(actor_name__icontains=search)
        events = events.filter(named | Q(subject_id=search))
    return events


def _row(event: AuditEvent) -> dict[str, Any]:
    told = json.loads(event.body)
    facts = ", ".join(f"{name}: {value}" for name, value in sorted(told["facts"].items()))
    return {
        "at": event.at,
        "who": event.actor_name,
        "what": event.action.replace(".", " ").replace("_", " ").capitalize(),
        "subject": event.subject_type.partition(".")[2],
        "id": event.subject_id,
        "facts": facts,
    }
