"""What organisations keep in the evidence vault: policies, plans, registrations and accounts."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

from contracts.loading.authorities import BEGAN
from contracts.loading.story import Story
from dps.clock import london
from dps.documents.uploads import NewUpload, receive_upload
from providers.services.evidence import add_evidence
from providers.services.particulars import Particulars

POLICIES = ("safeguarding", "business_continuity", "health_and_safety", "equalities")
YEAR = timedelta(days=365)
SOONEST, SPREAD = 12, 300
"""Days from now on over which the reviews of policies fall due."""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="word/document.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
        "</Relationships>"
    ),
    "word/document.xml": (
        f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>'
        "An invented document of the demonstration. A real one says what the organisation does."
        "</w:t></w:r></w:p></w:body></w:document>"
    ),
}


def hold_documents(story: Story) -> None:
    """Each organisation sends one file and names it for all that it holds."""
    content = _document()
    for number, owner in enumerate(story.providers.values()):
        at = story.ago(days=BEGAN - 30)
        with story.acting(owner, at):
            sent = receive_upload(NewUpload("policies.docx", content), actor=owner, now=at)
            for said in _particulars(london(story.now).date(), london(at).date(), number):
                with_file = Particulars(
                    said.kind, said.issued_on, said.expires_on, said.number, upload_id=sent.id
                )
                add_evidence(with_file, establishment_ids=(), actor=owner, now=at)


def _particulars(today: date, then: date, number: int) -> list[Particulars]:
    """Policies looked at every three years, a registration, and the accounts of two years."""
    held = []
    for place, kind in enumerate(POLICIES):
        review = today + timedelta(days=SOONEST + (number * 37 + place * 71) % SPREAD)
        held.append(Particulars(kind, min(then, review - 3 * YEAR), review))
    renewed = today + timedelta(days=SOONEST + number * 53 % SPREAD)
    held.append(Particulars("data_protection", then - YEAR, renewed, f"ZA{200_000 + number}"))
    held.append(Particulars("accounts", then - YEAR))
    held.append(Particulars("accounts_before", then - 2 * YEAR))
    return held


def _document() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in _PARTS.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return written.getvalue()
