"""A file that somebody sent is handed out as a file, only to its own, only once it is clean."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from dps.documents.uploads import FileBeingChecked, FileNotKept, read_upload
from dps.permissions import Action
from dps.views.access import record_refusal, requires


@require_safe
@requires(Action.READ_UPLOAD)
def upload(request: Any, upload_id: UUID) -> HttpResponse:
    try:
        found, content = read_upload(
            upload_id=upload_id, actor=request.actor, now=request.received_at
        )
    except (FileBeingChecked, FileNotKept) as refusal:
        record_refusal(request, refusal, "read_upload")
        context = {"refusal": refusal, "is_waiting": isinstance(refusal, FileBeingChecked)}
        return render(request, "dps/upload_not_ready.html", context, status=refusal.status)
    return HttpResponse(
        content,
        content_type=found.found_type,
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=found.name
            ),
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
