"""Where encrypted values of a child and the family stand; those of a parent's choice."""

from __future__ import annotations

from dps.crypto import Place, child_key, decrypt, encrypt
from referrals.models import ChildIdentity, ChoiceOffer


def identity_place(identity: ChildIdentity, column: str) -> Place:
    return Place("childidentity", column, identity.authority_id, str(identity.id))


def initials(name: str) -> str:
    """The first letters of a name's first and last part: "Alex Brown" is "AB"."""
    parts = name.split()
    ends = parts if len(parts) < 2 else [parts[0], parts[-1]]
    return "".join(part[:1].upper() for part in ends)


def seal_for_offer(offer: ChoiceOffer, column: str, text: str) -> bytes:
    """Encrypt a value of a parent's choice under the child's key: it goes with the child."""
    return seal(offer, "choiceoffer", column, str(offer.id), text)


def read_of_offer(offer: ChoiceOffer, column: str) -> str:
    return unseal(offer, "choiceoffer", column, str(offer.id), bytes(getattr(offer, column)))


def seal(offer: ChoiceOffer, table: str, column: str, row_id: str, text: str) -> bytes:
    if not text:
        return b""
    key = child_key(authority_id=offer.authority_id, key_id=offer.key_id)
    return encrypt(key, text, Place(table, column, offer.authority_id, row_id))


def unseal(offer: ChoiceOffer, table: str, column: str, row_id: str, box: bytes) -> str:
    if not box:
        return ""
    key = child_key(authority_id=offer.authority_id, key_id=offer.key_id)
    return decrypt(key, box, Place(table, column, offer.authority_id, row_id))
