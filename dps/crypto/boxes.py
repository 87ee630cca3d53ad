"""AES-256-GCM, bound to the table, column and row that the value stands in."""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE = 12


class WrongKey(RuntimeError):
    """The value cannot be read with this key in this place. Never returned as text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an encrypted value stands; moved elsewhere, it cannot be read."""

    table: str
    column: str
    authority_id: int
    row_id: str

    @property
    def bytes(self) -> bytes:
        return "\x1f".join((self.table, self.column, str(self.authority_id), self.row_id)).encode()


def encrypt(key: bytes, value: str, place: Place) -> bytes:
    """One version byte, a random 96-bit nonce, ciphertext and tag."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, value.encode(), place.bytes)


def decrypt(key: bytes, box: bytes, place: Place) -> str:
    """:raises WrongKey: the key, the place or the bytes are not the ones it was made with."""
    box = bytes(box)
    if box[:1] != VERSION:
        raise WrongKey
    try:
        return AESGCM(key).decrypt(box[1 : 1 + NONCE], box[1 + NONCE :], place.bytes).decode()
    except InvalidTag as error:
        raise WrongKey from error
