"""A document is handed out as a file, never shown in the page, and each reading is on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from dps import audit
from dps.audit import Act
from dps.models import Document
from dps.permissions import Action
from dps.views.access import requires


@require_safe
@requires(Action.READ_DOCUMENT)
def document(request: Any, authority_id: int, document_id: UUID) -> HttpResponse:
    found = Document.objects.of(authority_id).get(id=document_id)
    act = Act("document.read", found, {"kind": found.kind, "sha256": found.sha256})
    audit.record(act, actor=request.actor, at=request.received_at, authority_id=authority_id)
    return HttpResponse(
        bytes(found.content),
        content_type=found.media_type,
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=found.file_name
            ),
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
