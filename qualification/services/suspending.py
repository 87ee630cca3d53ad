"""Suspending an establishment from every authority's referrals, and reinstating it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.models import Authority
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.permissions import Action, require
from dps.refusals import Gone, NotUnderstood, Refusal
from dps.services.messages import ProviderLetter, send_to_provider
from providers.models import Establishment
from qualification.models import Qualification, Suspension

TELL_OF_SUSPENSION = "qualification.tell_authority_of_suspension"
TELL_OF_REINSTATEMENT = "qualification.tell_authority_of_reinstatement"

Follow = Callable[..., None]
WHEN_SUSPENDED: list[Follow] = []
WHEN_REINSTATED: list[Follow] = []


class NotOnAnyList(Refusal):
    message = "This establishment is on no category’s list, so there is nothing to suspend it from"


class AlreadySuspended(Refusal):
    message = "This establishment is suspended for this cause already"


class AlreadyLifted(Gone):
    message = "This suspension has been lifted already"


class SayWhy(NotUnderstood):
    message = "Enter a reason"


def when_suspended(function: Follow) -> Follow:
    """Have a function do what follows in an authority: `(*, suspension, actor, now)`.

    It runs as that authority's system, in the transaction of the authority's own event.
    """
    WHEN_SUSPENDED.append(function)
    return function


def when_reinstated(function: Follow) -> Follow:
    """The same for what follows when a suspension is lifted."""
    WHEN_REINSTATED.append(function)
    return function


@transaction.atomic
def suspend(
    *,
    establishment_id: UUID,
    cause: str,
    reason: str,
    actor: Actor,
    now: datetime,
    failed: Sequence[str] = (),
    is_automatic: bool = False,
) -> Suspension:
    """Suspend an establishment for all authorities, for a cause and with a reason (BC 4.5, 7.21).

    Each authority's own event, and what follows there, is a job. `failed`: what to put right.

    :raises NotPermitted, SayWhy: the actor may not suspend; no reason, or no such cause.
    :raises NotOnAnyList, AlreadySuspended: it is not qualified, or suspended for this cause.
    """
    require(actor, Action.SUSPEND)
    establishment = Establishment.objects.select_for_update().get(pk=establishment_id)
    if cause not in Suspension.Cause.values:
        raise SayWhy("Select the cause", field="cause")
    if not reason.strip():
        raise SayWhy("Enter the reason for the suspension", field="reason")
    listed = Qualification.objects.filter(establishment=establishment, ended_at__isnull=True)
    if not listed.exists():
        raise NotOnAnyList
    in_force = Suspension.objects.filter(establishment=establishment, lifted_at__isnull=True)
    if in_force.filter(cause=cause).exists():
        raise AlreadySuspended(field="cause")

    suspension = Suspension.objects.create(
        establishment=establishment,
        cause=cause,
        reason=reason.strip(),
        failed=sorted(set(failed)),
        is_automatic=is_automatic,
        suspended_at=now,
        suspended_by_id=actor.person_id,
    )
    _record("establishment.suspended", suspension, actor=actor, now=now, authority_id=REGION_ID)
    _tell_provider("suspended", suspension, now=now)
    for authority_id in _authorities():
        owe(
            TELL_OF_SUSPENSION,
            key=f"suspended:{suspension.id}",
            authority_id=authority_id,
            at=now,
            suspension_id=str(suspension.id),
        )
    return suspension


@transaction.atomic
def reinstate(*, suspension_id: UUID, reason: str, actor: Actor, now: datetime) -> Suspension:
    """Lift one suspension; others of the establishment stay in force (BC 7.21).

    :raises NotPermitted: the actor may not reinstate.
    :raises SayWhy: no reason is given.
    :raises AlreadyLifted: it has been lifted.
    """
    require(actor, Action.REINSTATE)
    establishment_id = Suspension.objects.values_list("establishment_id", flat=True).get(
        pk=suspension_id
    )
    Establishment.objects.select_for_update().get(pk=establishment_id)
    suspension = Suspension.objects.select_related("establishment").get(pk=suspension_id)
    if not reason.strip():
        raise SayWhy("Enter the reason for lifting the suspension", field="reason")
    if suspension.lifted_at is not None:
        raise AlreadyLifted

    suspension.lifted_at = now
    suspension.lifted_by_id = actor.person_id
    suspension.lift_reason = reason.strip()
    suspension.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    _record("establishment.reinstated", suspension, actor=actor, now=now, authority_id=REGION_ID)
    _tell_provider("reinstated", suspension, now=now)
    for authority_id in _authorities():
        owe(
            TELL_OF_REINSTATEMENT,
            key=f"reinstated:{suspension.id}",
            authority_id=authority_id,
            at=now,
            suspension_id=str(suspension.id),
        )
    return suspension


@job(TELL_OF_SUSPENSION)
def tell_authority_of_suspension(*, suspension_id: str, actor: Actor, now: datetime) -> None:
    """Write the authority's own event and do what follows there, as that authority's system."""
    suspension = Suspension.objects.select_related("establishment").get(pk=suspension_id)
    _record(
        "establishment.suspended", suspension, actor=actor, now=now, authority_id=actor.chain_id
    )
    for follow in WHEN_SUSPENDED:
        follow(suspension=suspension, actor=actor, now=now)


@job(TELL_OF_REINSTATEMENT)
def tell_authority_of_reinstatement(*, suspension_id: str, actor: Actor, now: datetime) -> None:
    """The same when a suspension is lifted."""
    suspension = Suspension.objects.select_related("establishment").get(pk=suspension_id)
    _record(
        "establishment.reinstated", suspension, actor=actor, now=now, authority_id=actor.chain_id
    )
    for follow in WHEN_REINSTATED:
        follow(suspension=suspension, actor=actor, now=now)


def _authorities() -> list[int]:
    everybody = Authority.objects.exclude(id=REGION_ID).order_by("id")
    return list(everybody.values_list("id", flat=True))


def _record(
    verb: str, suspension: Suspension, *, actor: Actor, now: datetime, authority_id: int
) -> None:
    facts = {
        "suspension_id": str(suspension.id),
        "cause": suspension.cause,
        "is_automatic": suspension.is_automatic,
    }
    act = Act(verb, suspension.establishment, facts)
    audit.record(act, actor=actor, at=now, authority_id=authority_id)


def _tell_provider(template: str, suspension: Suspension, *, now: datetime) -> None:
    provider_id = suspension.establishment.provider_id
    if provider_id is None:
        return
    context = {
        "establishment": suspension.establishment.name,
        "establishment_id": str(suspension.establishment_id),
        "cause": suspension.get_cause_display(),
        "reason": suspension.lift_reason or suspension.reason,
    }
    letter = ProviderLetter(f"qualification/{template}", provider_id, context)
    key = f"{template}:{suspension.id}"
    send_to_provider(letter, key=key, authority_id=REGION_ID, now=now)
