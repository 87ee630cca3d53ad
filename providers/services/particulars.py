"""What a piece of evidence says, and whether that can be right for its kind (Q8)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dps.clock import london
from dps.models import Upload
from dps.refusals import NotUnderstood
from providers.evidence_kinds import BY_CODE, EvidenceKind, HeldBy, Need

STARTS_WITHIN = timedelta(days=92)
"""Next year's certificate is often there some weeks before this year's has run out."""


class UnknownKind(NotUnderstood):
    message = "Select what it is"
    field = "kind"


class ExpiresBeforeIssue(NotUnderstood):
    message = "The date of expiry must be after the date of issue"
    field = "expires_on"


class StartsTooLate(NotUnderstood):
    field = "issued_on"

    def __init__(self, kind: EvidenceKind) -> None:
        when = "within 3 months from today" if kind.may_start_later else "today or in the past"
        super().__init__(f"{kind.issued_label} must be {when}")


class SumMissing(NotUnderstood):
    message = "Enter the sum insured"
    field = "sum_insured"


class ParticularMissing(NotUnderstood):
    """Something that its kind needs was not given; the field says what."""

    message = "Enter everything that this kind of evidence needs"


class NotHeldThatWay(NotUnderstood):
    message = "Select the establishments that it is for"
    field = "establishments"


class FileNotUsable(NotUnderstood):
    message = "The document is no longer here. Choose it again"
    field = "file"


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a piece of evidence says, whoever it is for; sums are pence."""

    kind: str
    issued_on: date
    expires_on: date | None = None
    number: str = ""
    sum_insured_pence: int | None = None
    title: str = ""
    upload_id: UUID | None = None


def checked_in_full(said: Particulars, provider_id: UUID, now: datetime) -> EvidenceKind:
    """With the document and the number that somebody who has them before them can give."""
    kind = checked(said, provider_id)
    if kind.number is Need.REQUIRED and not said.number.strip():
        raise ParticularMissing(f"Enter the {kind.number_label.lower()}", field="number")
    if said.issued_on > latest_start(kind, london(now).date()):
        raise StartsTooLate(kind)
    if kind.document is Need.REQUIRED and said.upload_id is None:
        raise FileNotUsable("Select the document")
    return kind


def latest_start(kind: EvidenceKind, today: date) -> date:
    """The last day that may be given as the first of such a piece."""
    return today + STARTS_WITHIN if kind.may_start_later else today


def checked(said: Particulars, provider_id: UUID) -> EvidenceKind:
    """The kind, once what every piece of it needs was said."""
    kind = BY_CODE.get(said.kind)
    if kind is None:
        raise UnknownKind
    if kind.is_insurance and not said.sum_insured_pence:
        raise SumMissing
    if kind.expiry is Need.REQUIRED and said.expires_on is None:
        raise ParticularMissing(kind.expiry_missing, field="expires_on")
    if kind.title is Need.REQUIRED and not said.title.strip():
        raise ParticularMissing("Enter what the document is", field="title")
    if said.expires_on is not None and said.expires_on <= said.issued_on:
        raise ExpiresBeforeIssue
    _check_file(said.upload_id, provider_id)
    return kind


def _check_file(upload_id: UUID | None, provider_id: UUID) -> None:
    if upload_id is None:
        return
    files = Upload.objects.filter(pk=upload_id, provider_id=provider_id)
    if not files.exclude(state=Upload.State.REFUSED).exists():
        raise FileNotUsable


def check_holders(kind: EvidenceKind, establishment_ids: Collection[UUID]) -> None:
    if kind.held_by is HeldBy.ORGANISATION and establishment_ids:
        raise NotHeldThatWay("This kind is held for the whole organisation", field="held_for")
    if kind.held_by is HeldBy.ESTABLISHMENT and not establishment_ids:
        raise NotHeldThatWay
