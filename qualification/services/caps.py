"""Affordability caps: common to all councils, or a council's own, each from a day on (Q7)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.models import Category
from dps.money import MOST_PENCE, show
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.permissions import Action, may, require
from dps.refusals import NotPermitted, NotUnderstood, Refusal
from dps.services.messages import ProviderLetter, send_to_provider
from providers.models import Establishment
from qualification.caps import sift
from qualification.models import Cap
from qualification.queries.caps import caps_of, costings

TELL_OF_CAP = "qualification.tell_of_cap"


class CapNeedsReason(NotUnderstood):
    message = "Enter the reason for the cap"
    field = "reason"


class CapOutOfBounds(NotUnderstood):
    message = "The cap must be above £0 and at most £9,999,999.99 a year"
    field = "year"


class CapStartsTooEarly(Refusal):
    message = "The cap must start today or later, and after the one that it replaces"
    field = "from_date"


class CapIsOver(Refusal):
    message = "This cap has a last day already"


@transaction.atomic
def set_cap(
    *,
    category_id: UUID,
    authority_id: int | None,
    year_pence: int,
    from_date: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Cap:
    """Cap the core costs of a year from a day on; the cap before it ends then (Q7, BC 7.4).

    :raises NotPermitted: the actor may not set this council's cap, or the common one.
    :raises CapNeedsReason, CapOutOfBounds: no reason, or not an amount that can be.
    :raises CapStartsTooEarly: it starts before today, or not after what it replaces.
    """
    _require(actor, authority_id)
    category = Category.objects.get(pk=category_id)
    same = caps_of(category.pk, authority_id)
    list(same.select_for_update(of=("self",)))
    # Read again: whoever was waited for may have added one.
    last = max(same.all(), key=lambda each: each.from_date, default=None)
    if not reason.strip():
        raise CapNeedsReason
    if not 0 < year_pence <= MOST_PENCE:
        raise CapOutOfBounds
    if from_date < london(now).date() or (last and from_date <= last.from_date):
        raise CapStartsTooEarly
    if last and (last.until_date is None or last.until_date > from_date):
        last.until_date = from_date
        last.save(update_fields=["until_date"])
    cap = Cap.objects.create(
        category=category,
        authority_id=authority_id,
        year_pence=year_pence,
        from_date=from_date,
        reason=reason,
        made_by_id=actor.person_id,
        made_at=now,
    )
    audit.record(Act("cap.set", cap, _facts(cap)), actor=actor, at=now)
    owe(
        TELL_OF_CAP,
        key=f"cap:{cap.pk}",
        authority_id=REGION_ID if actor.authority_id is None else actor.authority_id,
        at=now,
        cap_id=str(cap.pk),
    )
    return cap


@transaction.atomic
def lift_cap(*, cap_id: UUID, until_date: date, reason: str, actor: Actor, now: datetime) -> Cap:
    """Let a cap end: from that day on costs are not capped by it.

    :raises NotPermitted: the actor may not set this council's cap, or the common one.
    :raises CapIsOver, CapNeedsReason: it ends already, or no reason.
    :raises CapStartsTooEarly: the day is before today or before the cap starts.
    """
    cap = Cap.objects.select_for_update(of=("self",)).select_related("category").get(pk=cap_id)
    _require(actor, cap.authority_id)
    today = london(now).date()
    if cap.until_date is not None:
        raise CapIsOver
    if not reason.strip():
        raise CapNeedsReason
    if until_date < today or until_date <= cap.from_date:
        raise CapStartsTooEarly("Enter a day from today on, after the cap has started")
    cap.until_date = until_date
    cap.save(update_fields=["until_date"])
    facts = _facts(cap) | {"until": str(until_date), "reason": reason}
    audit.record(Act("cap.lifted", cap, facts), actor=actor, at=now)
    return cap


def _require(actor: Actor, authority_id: int | None) -> None:
    """A council's administrator for its own; the DPS manager for any."""
    require(actor, Action.SET_CAP)
    if may(actor, Action.SET_UP_MARKET):
        return
    if authority_id is None or authority_id != actor.authority_id:
        raise NotPermitted


def _facts(cap: Cap) -> dict[str, object]:
    return {
        "category": cap.category.code,
        "authority_id": cap.authority_id,
        "year_pence": cap.year_pence,
        "from": str(cap.from_date),
        "reason": cap.reason,
    }


@job(TELL_OF_CAP)
def tell_of_cap(*, cap_id: str, actor: Actor, now: datetime) -> None:
    """Tell each provider with an establishment above the cap; a second run finds it done."""
    cap = Cap.objects.select_related("category", "authority").get(pk=cap_id)
    above = {each.establishment_id for each in sift(costings(cap.category), cap.year_pence).above}
    places = Establishment.objects.filter(pk__in=above, provider__isnull=False).order_by("name")
    by_provider: dict[UUID, list[str]] = {}
    for provider_id, name in places.values_list("provider_id", "name"):
        by_provider.setdefault(provider_id, []).append(name)
    for provider_id, names in sorted(by_provider.items()):
        context = {
            "category": cap.category.name,
            "code": cap.category.code,
            "council": cap.authority.name if cap.authority else "",
            "cap": show(cap.year_pence, whole=True),
            "from_date": show_date(cap.from_date),
            "reason": cap.reason,
            "names": names,
        }
        letter = ProviderLetter("qualification/cap_set", provider_id, context)
        key = f"cap:{cap.pk}:{provider_id}"
        chain = REGION_ID if actor.authority_id is None else actor.authority_id
        send_to_provider(letter, key=key, authority_id=chain, now=now)
