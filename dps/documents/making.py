"""Letters and agreements: rendered, hashed and kept, always inside a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import Max
from django.template.loader import render_to_string

from dps.clock import london
from dps.documents.printing import print_pdf
from dps.models import AuditHead, Authority, Document


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What a document is about, who may read it, and the template with its values."""

    kind: str
    subject_id: UUID
    authority_id: int
    title: str
    file_name: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    provider_id: UUID | None = None
    """Whose letter it is; None where only the authority reads it."""


def make(new: NewDocument, *, now: datetime) -> Document:
    """
    Print a PDF and keep it with its sha256; the same subject again is its next version.

    The template extends "dps/pdf.html"; its text is escaped, and it can load nothing. Takes up
    to 11 seconds, so only the system may call it, in a job.

    :raises DocumentNotMade: the text is too long or cannot be laid out within the limits.
    """
    pdf = print_pdf(render_to_string(new.template, {**new.context, **_letterhead(new, now)}))
    return Document.objects.create(
        authority_id=new.authority_id,
        kind=new.kind,
        subject_id=new.subject_id,
        provider_id=new.provider_id,
        version=_next_version(new),
        title=new.title,
        file_name=new.file_name,
        content=pdf,
        sha256=sha256(pdf).hexdigest(),
        made_at=now,
    )


def _letterhead(new: NewDocument, now: datetime) -> dict[str, object]:
    head = AuditHead.objects.filter(authority_id=new.authority_id).first()
    return {
        "title": new.title,
        "council": Authority.objects.get(id=new.authority_id),
        "made_on": london(now).date(),
        "audit_head": bytes(head.hash).hex() if head else "",
    }


def _next_version(new: NewDocument) -> int:
    """Two that are made together meet at the constraint, and the later job runs again."""
    same = Document.objects.of(new.authority_id).filter(
        kind=new.kind, subject_id=new.subject_id, provider_id=new.provider_id
    )
    return 1 + (same.aggregate(last=Max("version"))["last"] or 0)
