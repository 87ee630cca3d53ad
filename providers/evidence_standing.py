"""How one piece of evidence stands on a day, and which of several counts (Q8). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

EXPIRING_DAYS = 60
"""So long before the end a person is told to renew it; the audit warns on the same day."""
EXPIRING = timedelta(days=EXPIRING_DAYS)


class Standing(StrEnum):
    """From the strongest reason to the weakest: a withdrawn piece is nothing else besides."""

    WITHDRAWN = "withdrawn"
    FILE_REFUSED = "file_refused"
    REPLACED = "replaced"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    BEING_CHECKED = "being_checked"
    EXPIRES_SOON = "expires_soon"
    VALID = "valid"


class Held(Protocol):
    """What the rules read of a piece of evidence."""

    @property
    def id(self) -> UUID: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def file_state(self) -> str: ...
    @property
    def is_replaced(self) -> bool: ...
    @property
    def is_withdrawn(self) -> bool: ...
    @property
    def is_for_one_establishment(self) -> bool: ...


Piece = TypeVar("Piece", bound=Held)


def standing(piece: Held, on: date) -> Standing:
    """How it stands on a day; the first and the last day are both days of validity."""
    if piece.is_withdrawn:
        return Standing.WITHDRAWN
    if piece.file_state == "refused":
        return Standing.FILE_REFUSED
    if piece.is_replaced:
        return Standing.REPLACED
    if piece.expires_on is not None and piece.expires_on < on:
        return Standing.EXPIRED
    if piece.issued_on > on:
        return Standing.NOT_YET
    if piece.file_state == "quarantined":
        return Standing.BEING_CHECKED
    if piece.expires_on is not None and piece.expires_on - on <= EXPIRING:
        return Standing.EXPIRES_SOON
    return Standing.VALID


def covers(piece: Held, on: date) -> bool:
    """Whether it may be relied on for a day; a replaced one too, while its dates last."""
    if piece.is_withdrawn or piece.file_state == "refused":
        return False
    return piece.issued_on <= on and (piece.expires_on is None or on <= piece.expires_on)


def best(pieces: Iterable[Piece], on: date) -> Piece | None:
    """Of one kind, the piece that counts for an establishment on a day, if one covers it.

    Its own before the whole organisation's, one that stands before one that was replaced, then
    the one that runs longest, then the one recorded last.
    """
    return max((each for each in pieces if covers(each, on)), key=_preference, default=None)


def _preference(piece: Held) -> tuple[bool, bool, date, UUID]:
    return (
        piece.is_for_one_establishment,
        not piece.is_replaced,
        piece.expires_on or date.max,
        piece.id,
    )
