"""Encryption: a key per child, under the authority's key, under the deployment's."""

from dps.crypto.boxes import Place, WrongKey, decrypt, encrypt
from dps.crypto.keys import child_key, destroy_child_key, make_child_key

__all__ = [
    "Place",
    "WrongKey",
    "child_key",
    "decrypt",
    "destroy_child_key",
    "encrypt",
    "make_child_key",
]
