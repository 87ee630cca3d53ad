"""Adopting a cap with eyes open: nobody does without having seen whom it leaves out (Q7)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from contracts.queries.cap_effects import effect_of
from dps.actors import Actor
from dps.models import Category
from dps.refusals import Refusal
from qualification.models import Cap
from qualification.services import caps


class EffectChanged(Refusal):
    message = (
        "Whom this cap leaves out has changed since you looked. Look again before you adopt it"
    )


@transaction.atomic
def adopt_cap(
    *,
    category_id: UUID,
    authority_id: int | None,
    year_pence: int,
    from_date: date,
    reason: str,
    seen: str,
    actor: Actor,
    now: datetime,
) -> Cap:
    """Set a cap whose effect the actor has seen; `seen` is that effect's fingerprint.

    :raises EffectChanged: the effect is not the one that was seen.
    :raises Refusal: whatever `set_cap` refuses.
    """
    cap = caps.set_cap(
        category_id=category_id,
        authority_id=authority_id,
        year_pence=year_pence,
        from_date=from_date,
        reason=reason,
        actor=actor,
        now=now,
    )
    category = Category.objects.get(pk=category_id)
    effect = effect_of(category, year_pence, authority_id=authority_id, actor=actor)
    if effect.fingerprint != seen:
        raise EffectChanged
    return cap
