"""Files that people send: looked at, kept in quarantine, scanned in a job, and only then read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor, Kind
from dps.audit import Act
from dps.documents import scanner
from dps.documents.examining import examine
from dps.documents.file_checks import check_file
from dps.models import Upload, UploadContent
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.permissions import Action, require
from dps.refusals import Gone, Refusal
from dps.services.messages import Letter, send

SCAN_UPLOAD = "dps.scan_upload"


class FileBeingChecked(Refusal):
    message = "We are still checking this file for viruses. That usually takes less than a minute"


class FileNotKept(Gone):
    message = "This file was refused when we checked it, and is not kept"


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file as it came; the contract team says whose it is, a provider's own is its own."""

    name: str
    content: bytes
    claimed_type: str = ""
    provider_id: UUID | None = None


@transaction.atomic
def receive_upload(new: NewUpload, *, actor: Actor, now: datetime) -> Upload:
    """Look at a file, keep it in quarantine and owe its scanning (T20).

    Takes up to 15 seconds for a large picture, so it is called before anything is locked.

    :raises NotPermitted: the actor may not send files.
    :raises FileRefused: it cannot be taken; nothing of it is kept.
    """
    require(actor, Action.SEND_FILE)
    checked = check_file(new.name, new.content)
    content = examine(checked.kind, new.content)
    upload = Upload.objects.create(
        provider_id=actor.provider_id if actor.kind is Kind.PROVIDER else new.provider_id,
        name=checked.name,
        claimed_type=new.claimed_type[:100],
        found_type=checked.kind.media_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        uploaded_by_id=actor.person_id,
        uploaded_at=now,
    )
    UploadContent.objects.create(upload=upload, content=content)
    _record("upload.received", upload, actor=actor, now=now)
    owe(
        SCAN_UPLOAD,
        key=f"scan:{upload.id}",
        authority_id=REGION_ID,
        at=now,
        upload_id=str(upload.id),
    )
    return upload


@job(SCAN_UPLOAD)
def scan_upload(*, upload_id: str, actor: Actor, now: datetime) -> None:
    """Decide about one file; a second run finds it decided.

    :raises ScannerAway: there is no verdict, so it stays in quarantine and the job runs again.
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state != Upload.State.QUARANTINED:
        return
    kept = UploadContent.objects.get(upload=upload)
    verdict = scanner.scan(bytes(kept.content))
    upload.scanner, upload.scanned_at = verdict.scanner, now
    if verdict.found:
        kept.delete()
        upload.state = Upload.State.REFUSED
        upload.why = f"The virus scanner found “{verdict.found}” in it."
        _tell_sender(upload, now=now)
    else:
        upload.state = Upload.State.CLEAN
    upload.save(update_fields=["state", "why", "scanner", "scanned_at"])
    verb = "upload.refused" if verdict.found else "upload.passed"
    _record(verb, upload, actor=actor, now=now)


@transaction.atomic
def read_upload(*, upload_id: UUID, actor: Actor, now: datetime) -> tuple[Upload, bytes]:
    """A clean file and its bytes; each reading is on record.

    :raises NotPermitted: the actor may not read files.
    :raises Upload.DoesNotExist: there is none that this actor may know of.
    :raises FileBeingChecked: it is still in quarantine.
    :raises FileNotKept: it was refused.
    """
    require(actor, Action.READ_UPLOAD)
    upload = Upload.objects.get(pk=upload_id)
    if upload.state == Upload.State.QUARANTINED:
        raise FileBeingChecked
    if not upload.is_clean:
        raise FileNotKept
    content = bytes(UploadContent.objects.get(upload=upload).content)
    _record("upload.read", upload, actor=actor, now=now)
    return upload, content


def _record(verb: str, upload: Upload, *, actor: Actor, now: datetime) -> None:
    facts = {
        "provider_id": upload.provider_id,
        "sha256": upload.sha256,
        "size": upload.size,
        "type": upload.found_type,
    }
    if upload.scanner:
        facts["scanner"] = upload.scanner
    audit.record(Act(verb, upload, facts), actor=actor, at=now, authority_id=REGION_ID)


def _tell_sender(upload: Upload, *, now: datetime) -> None:
    if upload.uploaded_by_id is None:
        return
    letter = Letter(
        "dps/file_refused", upload.uploaded_by_id, {"name": upload.name, "why": upload.why}
    )
    send(letter, key=f"file_refused:{upload.id}", authority_id=REGION_ID, now=now)
