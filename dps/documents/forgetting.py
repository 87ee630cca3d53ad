"""Files that nobody used: sent for a form that was never finished."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.models import Upload, UploadContent
from dps.permissions import Action, require

KEPT_UNUSED = timedelta(days=7)
AT_ONCE = 500


@transaction.atomic
def forget_unused_uploads(*, actor: Actor, now: datetime) -> int:
    """Delete files of more than 7 days ago to which no row leads; returns how many.

    :raises NotPermitted: only the system forgets.
    """
    require(actor, Action.FORGET_UPLOADS)
    old = Upload.objects.filter(uploaded_at__lt=now - KEPT_UNUSED).exclude(_is_used())
    forgotten = list(old.order_by("uploaded_at", "id")[:AT_ONCE])
    for upload in forgotten:
        facts = {"provider_id": upload.provider_id, "sha256": upload.sha256}
        act = Act("upload.forgotten", upload, facts)
        audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
        upload.delete()
    return len(forgotten)


def _is_used() -> Q:
    """Some table of any app has a key to it; the bytes themselves are no use."""
    keys: list[Any] = [
        relation
        for relation in Upload._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    ]
    used = Q(pk__in=[])
    for key in keys:
        if key.related_model is not UploadContent:
            rows = key.related_model.objects.filter(**{key.field.name: OuterRef("pk")})
            used |= Q(Exists(rows))
    return used
