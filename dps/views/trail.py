"""The audit trail, for those who may read it."""

from __future__ import annotations

import csv
import json
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dps.models import AuditEvent
from dps.permissions import Action
from dps.queries.audit import events_visible_to
from dps.views.access import requires

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
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-trail.csv"'
    writer = csv.writer(response)
    writer.writerow(["When", "Who", "What", "Subject", "Id", "Facts"])
    for event in _found(request)[:10_000]:
        row = _row(event)
        cells = [event.at.isoformat(), row["who"], row["what"], row["subject"], row["id"]]
        writer.writerow([_harmless(cell) for cell in (*cells, row["facts"])])
    return response


def _found(request: Any) -> QuerySet[AuditEvent]:
    events = events_visible_to(request.actor)
    search = request.GET.get("search", "").strip()[:60]
    if search:
        events = events.filter(subject_id=search) | events.filter(action__istartswith=search)
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


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a cell for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
