"""The keys: made, wrapped, unwrapped and destroyed."""

from __future__ import annotations

import base64
import hashlib
import os
from datetime import datetime
from uuid import UUID

from django.conf import settings

from dps.crypto.boxes import Place, decrypt, encrypt
from dps.models import AuthorityKey, ChildKey


def _deployment_key() -> bytes:
    if settings.KEY_ENCRYPTION_KEY:
        return base64.b64decode(settings.KEY_ENCRYPTION_KEY)
    # The demo and the tests have no key of their own: settings refuse this in production.
    return hashlib.sha256(b"demo key encryption key" + settings.SECRET_KEY.encode()).digest()


def _wrap(outer: bytes, inner: bytes, place: Place) -> bytes:
    return encrypt(outer, base64.b64encode(inner).decode(), place)


def _unwrap(outer: bytes, box: bytes, place: Place) -> bytes:
    return base64.b64decode(decrypt(outer, box, place))


def _authority_place(row: AuthorityKey) -> Place:
    return Place("authoritykey", "wrapped", row.authority_id, str(row.id))


def _child_place(row: ChildKey) -> Place:
    return Place("childkey", "wrapped", row.authority_id, str(row.id))


def make_authority_key(*, authority_id: int, now: datetime) -> None:
    """Once for each authority, when it is added."""
    row = AuthorityKey(authority_id=authority_id, created_at=now)
    row.wrapped = _wrap(_deployment_key(), os.urandom(32), _authority_place(row))
    row.save()


def authority_key(authority_id: int) -> bytes:
    row = AuthorityKey.objects.of(authority_id).get()
    return _unwrap(_deployment_key(), row.wrapped, _authority_place(row))


def make_child_key(*, authority_id: int, now: datetime) -> ChildKey:
    """A fresh key for one child, wrapped by the authority's."""
    row = ChildKey(authority_id=authority_id, created_at=now)
    row.wrapped = _wrap(authority_key(authority_id), os.urandom(32), _child_place(row))
    row.save()
    return row


def child_key(*, authority_id: int, key_id: UUID) -> bytes:
    row = ChildKey.objects.of(authority_id).get(id=key_id)
    return _unwrap(authority_key(authority_id), row.wrapped, _child_place(row))


def destroy_child_key(*, authority_id: int, key_id: UUID) -> None:
    """Without its key nothing about the child can be read any more, backups included."""
    ChildKey.objects.of(authority_id).filter(id=key_id).update(wrapped=b"")
