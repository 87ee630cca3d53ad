"""Pieces of evidence in words: how each stands, whom it covers, and what can be done about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from dps.clock import show_date, show_instant
from dps.models import Upload
from dps.money import show
from providers.evidence_kinds import EvidenceKind, HeldBy, grouped
from providers.evidence_standing import Standing, standing
from providers.models import Evidence

EVIDENCE_HEAD = (
    "Kind",
    "Number",
    {"text": "Sum", "numeric": True},
    "From",
    "Until",
    "State",
    "Document",
)
HISTORY_HEAD = ("Added", "Number", "From", "Until", "State", "Document")
WHOLE = "The whole organisation"
NO_LAST_DAY = "No last day"
COLOURS = {
    Standing.VALID: "green",
    Standing.EXPIRES_SOON: "yellow",
    Standing.EXPIRED: "red",
    Standing.NOT_YET: "blue",
    Standing.BEING_CHECKED: "blue",
    Standing.FILE_REFUSED: "red",
    Standing.REPLACED: "grey",
    Standing.WITHDRAWN: "grey",
}
NAMES = {
    Standing.VALID: "Valid",
    Standing.EXPIRES_SOON: "Expires soon",
    Standing.EXPIRED: "Expired",
    Standing.NOT_YET: "Not yet valid",
    Standing.BEING_CHECKED: "Being checked",
    Standing.FILE_REFUSED: "Document refused",
    Standing.REPLACED: "Replaced",
    Standing.WITHDRAWN: "Taken back",
}


def tag(one: Evidence, today: date) -> dict[str, str]:
    """How it stands, as the words and the colour of a tag."""
    now = standing(one, today)
    return {"text": _tag_words(one, now, today), "colour": COLOURS[now]}


def _tag_words(one: Evidence, now: Standing, today: date) -> str:
    if now is Standing.NOT_YET:
        return f"Starts {show_date(one.issued_on)}"
    if now is not Standing.EXPIRES_SOON or one.expires_on is None:
        return NAMES[now]
    left = (one.expires_on - today).days
    if left == 0:
        return "Expires today"
    return "Expires tomorrow" if left == 1 else f"Expires in {left} days"


def holder(one: Evidence) -> str:
    return one.establishment.name if one.establishment else WHOLE


def until(one: Evidence) -> str:
    return show_date(one.expires_on) if one.expires_on else NO_LAST_DAY


def sum_in_words(one: Evidence) -> str:
    return "" if one.sum_insured_pence is None else show(one.sum_insured_pence, whole=True)


def file_cell(one: Evidence, *, opens: bool) -> dict[str, str]:
    """A link to the document for those who may open it, once it may be opened."""
    if one.upload_id is None:
        return {"text": "None"}
    if opens and one.upload is not None and one.upload.is_clean:
        return {"text": f"Open {one.upload.name}", "href": reverse("upload", args=[one.upload_id])}
    return {"text": "On file"}


def evidence_rows(
    found: Iterable[Evidence], today: date, *, opens: bool = False
) -> list[list[Any]]:
    """What is held for one establishment; `opens` for those who may open documents."""
    return [
        [
            one.what if one.is_for_one_establishment else f"{one.what} (whole organisation)",
            one.number or "None",
            sum_in_words(one),
            show_date(one.issued_on),
            until(one),
            tag(one, today),
            file_cell(one, opens=opens),
        ]
        for one in found
    ]


def history_rows(found: Iterable[Evidence], today: date) -> list[list[Any]]:
    return [
        [
            {"text": show_instant(one.recorded_at), "href": page_of(one)},
            one.number or "None",
            show_date(one.issued_on),
            until(one),
            tag(one, today),
            file_cell(one, opens=True),
        ]
        for one in found
    ]


def page_of(one: Evidence) -> str:
    return reverse("providers:evidence_detail", args=[one.pk])


def details(one: Evidence) -> list[dict[str, Any]]:
    """One piece on its own page: only what its kind has."""
    kind = one.rules
    rows: list[tuple[str, Any]] = [("For", holder(one))]
    if one.number:
        rows.append((kind.number_label, one.number))
    if one.sum_insured_pence is not None:
        rows.append(("Sum insured", sum_in_words(one)))
    rows.append((kind.issued_label, show_date(one.issued_on)))
    if one.expires_on:
        rows.append((kind.expiry_label.removesuffix(" (optional)"), show_date(one.expires_on)))
    by = f" by {one.recorded_by.name}" if one.recorded_by else ""
    rows.append(("Added", f"{show_instant(one.recorded_at)}{by}"))
    if one.withdrawn_at:
        rows.append(("Taken back", show_instant(one.withdrawn_at)))
        rows.append(("Why", one.withdrawn_because))
    return [{"key": key, "value": value} for key, value in rows]


def file_words(upload: Upload | None) -> dict[str, str]:
    """The document of a piece: its name, size, and what stands in the way of opening it."""
    if upload is None:
        return {}
    told = {"name": upload.name, "size": size_in_words(upload.size), "why": upload.why}
    if upload.is_clean:
        told["href"] = reverse("upload", args=[upload.pk])
    return told | {"state": upload.state}


def size_in_words(size: int) -> str:
    kilobytes = max(1, round(size / 1024))
    return f"{kilobytes:,} KB" if kilobytes < 1000 else f"{size / 1024 / 1024:.1f} MB"


def kind_tasks(
    held: Mapping[UUID, Mapping[str, Evidence]], today: date, query: str
) -> list[dict[str, Any]]:
    """Every kind under its heading, with a link to add it and how many establishments have it."""
    return [
        {
            "heading": group.value,
            "prefix": group.name.lower(),
            "tasks": [_kind_task(kind, held, today, query) for kind in kinds],
        }
        for group, kinds in grouped()
    ]


def _kind_task(
    kind: EvidenceKind, held: Mapping[UUID, Mapping[str, Evidence]], today: date, query: str
) -> dict[str, Any]:
    href = reverse("providers:add_evidence", args=[kind.code])
    found = [pieces[kind.code] for pieces in held.values() if kind.code in pieces]
    task = {"text": kind.name, "href": href + query, "hint": kind.hint}
    return task | _held_words(kind, found, len(held))


def _held_words(kind: EvidenceKind, found: Collection[Evidence], places: int) -> dict[str, str]:
    if not found:
        return {"status": "Not held", "colour": "grey"}
    last = min((one.expires_on for one in found if one.expires_on), default=None)
    if kind.held_by is not HeldBy.ORGANISATION and len(found) < places:
        return {"status": f"Held for {len(found)} of {places}", "colour": "yellow"}
    return {"status": f"Held until {show_date(last)}" if last else "Held"}
