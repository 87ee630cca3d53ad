"""A file in a form: looked at before the form is, and kept while the rest is put right.

A browser cannot keep a file for a page that comes back with messages, so we do: the file goes
into quarantine at once, and the page that comes back carries its id in the hidden field `kept`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import QueryDict

from dps.documents.file_refusals import MOST_BYTES, FileRefused, FileTooLarge
from dps.documents.uploads import NewUpload, receive_upload
from dps.forms import SentFile
from dps.models import Upload
from dps.views.access import record_refusal


def sent_file(request: Any, name: str = "file") -> SentFile:
    """Take the file of a form's field into quarantine, or else the one that was kept before."""
    file = request.FILES.get(name)
    before = _kept_before(request)
    if file is None:
        return SentFile(before)
    try:
        if file.size > MOST_BYTES:
            raise FileTooLarge(file.size)
        upload = receive_upload(
            NewUpload(file.name or "", file.read(), file.content_type or ""),
            actor=request.actor,
            now=request.received_at,
        )
    except FileRefused as refusal:
        record_refusal(request, refusal, "receive_upload")
        return SentFile(before, refusal.message)
    return SentFile(upload)


def _kept_before(request: Any) -> Upload | None:
    """The file of an earlier try; the database shows nobody another's."""
    try:
        upload_id = UUID(request.POST.get("kept", ""))
    except ValueError:
        return None
    mine = Upload.objects.filter(pk=upload_id, uploaded_by_id=request.actor.person_id)
    return mine.exclude(state=Upload.State.REFUSED).first()


def with_kept(typed: QueryDict, sent: SentFile) -> QueryDict:
    """What was typed, and the file that is kept, for the page that comes back."""
    data = typed.copy()
    data["kept"] = str(sent.kept.pk) if sent.kept else ""
    return data
