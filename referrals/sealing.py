"""
The one way by which a bid becomes what is stored, and comes back.

Today the content is plain text behind the database's policies; a key ceremony replaces the inside
of `seal` and `unseal` and nothing else. The digest is what the receipt promises: whoever holds the
bid, its salt and its particulars can work it out again (tools/verify_receipt.py).

Until that ceremony, whoever holds the database's login could claim a provider's id and read its
bids, and so could the owner of the database: the policies hold the application, not its operator.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from referrals.bid_content import BidContent, canonical

SALT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Whose bid it is, for what, which revision, and when it was received."""

    referral_id: UUID
    invitation_id: UUID
    establishment_id: UUID
    provider_id: UUID
    revision: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is stored. ``text`` is empty for a withdrawal."""

    text: str
    salt: str
    digest: str


def seal(content: BidContent | None, particulars: Particulars) -> Sealed:
    """Seal a bid, or its withdrawal (None), with a fresh salt against guessing."""
    text = "" if content is None else content.canonical()
    salt = secrets.token_hex(SALT_BYTES)
    return Sealed(text, salt, digest(text, salt, particulars))


def unseal(text: str) -> BidContent:
    """What was sealed. Only the bidder, and after the opening the authority, holds the text."""
    return BidContent.from_json(json.loads(text))


def digest(text: str, salt: str, particulars: Particulars) -> str:
    """SHA-256, in hex, of the canonical JSON of content, salt and particulars."""
    body = {
        "content": json.loads(text) if text else None,
        "salt": salt,
        **described(particulars),
    }
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def described(particulars: Particulars) -> dict[str, object]:
    """The particulars as plain JSON values, as receipts carry them."""
    return {
        "referral": str(particulars.referral_id),
        "invitation": str(particulars.invitation_id),
        "establishment": str(particulars.establishment_id),
        "provider": str(particulars.provider_id),
        "revision": particulars.revision,
        "received_at": instant(particulars.received_at),
    }


def instant(moment: datetime) -> str:
    """A moment in UTC to the microsecond, always written alike."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
