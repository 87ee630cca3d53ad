"""A provider asks that an establishment be added which no register lists; the team decides."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotPermitted, NotUnderstood, Refusal
from dps.services.messages import Letter, ProviderLetter, send, send_to_provider
from providers.models import Addition, Establishment, Provider
from providers.places import place
from providers.services.claims import ReasonMissing, deciders
from providers.services.establishments import NewEstablishment, UrnTaken, add_establishment
from providers.states import CLAIM, ClaimState, ClaimStep

OLDEST = 25
"""Years: councils buy places for children and for young people to 25 (R1)."""


class InTheDirectory(UrnTaken):
    message = "There is an establishment with this number in the directory. Search for it instead"
    field = "number"


class NowhereKnown(NotUnderstood):
    message = "Enter a full postcode in the United Kingdom, like BN11 1AA"
    field = "postcode"


class AgesOutOfOrder(NotUnderstood):
    message = "The highest age must be the lowest age or more, and at most 25"
    field = "high_age"


class AskedAlready(Refusal):
    message = "Your organisation has asked for this establishment already. The team is checking it"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An establishment in the provider's own words."""

    name: str
    kind: str
    street: str
    town: str
    postcode: str
    phone: str
    low_age: int
    high_age: int
    number: str = ""


@transaction.atomic
def ask_for_addition(wanted: Wanted, *, actor: Actor, now: datetime) -> Addition:
    """Ask the central team to add an establishment that the actor's provider runs (Q1).

    :raises NotPermitted: the actor does not administer a provider.
    :raises InTheDirectory: its number is there, so it is claimed instead.
    :raises NowhereKnown: the postcode leads to no place.
    :raises AgesOutOfOrder: the ages are not a range up to 25.
    :raises AskedAlready: the provider's question about the same name and postcode waits.
    """
    require(actor, Action.CLAIM_ESTABLISHMENT)
    if actor.provider_id is None or actor.person_id is None:
        raise NotPermitted
    _refuse(wanted)
    try:
        with transaction.atomic():
            addition = Addition.objects.create(
                provider_id=actor.provider_id,
                asked_by_id=actor.person_id,
                asked_at=now,
                **asdict(wanted),
            )
    except IntegrityError as error:
        raise AskedAlready from error
    _record("addition.asked", addition, actor=actor, now=now)
    _tell_the_central_team(addition, now=now)
    return addition


def _refuse(wanted: Wanted) -> None:
    if wanted.number and Establishment.objects.filter(urn=wanted.number).exists():
        raise InTheDirectory
    if place(wanted.postcode, None, None) is None:
        raise NowhereKnown
    if not wanted.low_age <= wanted.high_age <= OLDEST:
        raise AgesOutOfOrder


@transaction.atomic
def confirm_addition(*, addition_id: UUID, actor: Actor, now: datetime) -> Addition:
    """Add the establishment to the directory as the provider's own (Q1).

    :raises NotPermitted: the actor is not an officer of the central team.
    :raises Addition.DoesNotExist: there is none.
    :raises UrnTaken: its number has come into the directory meanwhile.
    :raises IllegalTransition: it has been decided.
    """
    require(actor, Action.DECIDE_CLAIM)
    addition = _locked(addition_id)
    addition.state = CLAIM.after(ClaimState(addition.state), ClaimStep.CONFIRM).value
    addition.establishment = add_establishment(_new(addition), actor=actor, now=now)
    _decide(addition, actor=actor, now=now)
    _record("addition.confirmed", addition, actor=actor, now=now)
    context = {
        "establishment": addition.name,
        "establishment_id": str(addition.establishment.id),
        "reason": "",
    }
    _tell_the_provider("providers/claim_confirmed", addition, context, now=now)
    return addition


@transaction.atomic
def refuse_addition(*, addition_id: UUID, reason: str, actor: Actor, now: datetime) -> Addition:
    """Refuse to add it, with the reason that the provider reads; it may ask again.

    :raises NotPermitted: the actor is not an officer of the central team.
    :raises Addition.DoesNotExist: there is none.
    :raises ReasonMissing: no reason was given.
    :raises IllegalTransition: it has been decided.
    """
    require(actor, Action.DECIDE_CLAIM)
    addition = _locked(addition_id)
    addition.state = CLAIM.after(ClaimState(addition.state), ClaimStep.REFUSE).value
    if not reason.strip():
        raise ReasonMissing(field="reason")
    addition.reason = reason.strip()
    _decide(addition, actor=actor, now=now)
    _record("addition.refused", addition, actor=actor, now=now)
    context = {"establishment": addition.name, "reason": addition.reason}
    _tell_the_provider("providers/addition_refused", addition, context, now=now)
    return addition


def _locked(addition_id: UUID) -> Addition:
    return Addition.objects.select_for_update().get(pk=addition_id)


def _new(addition: Addition) -> NewEstablishment:
    return NewEstablishment(
        name=addition.name,
        kind=addition.kind,
        provider_id=addition.provider_id,
        urn=addition.number or None,
        street=addition.street,
        town=addition.town,
        postcode=addition.postcode,
        phone=addition.phone,
        low_age=addition.low_age,
        high_age=addition.high_age,
    )


def _decide(addition: Addition, *, actor: Actor, now: datetime) -> None:
    addition.decided_by_id = actor.person_id
    addition.decided_at = now
    addition.save(update_fields=["state", "reason", "decided_by", "decided_at", "establishment"])


def _record(verb: str, addition: Addition, *, actor: Actor, now: datetime) -> None:
    facts = {
        "provider_id": addition.provider_id,
        "name": addition.name,
        "number": addition.number,
        "state": str(addition.state),
        "reason": addition.reason,
        "establishment_id": addition.establishment_id,
    }
    audit.record(Act(verb, addition, facts), actor=actor, at=now, authority_id=REGION_ID)


def _tell_the_central_team(addition: Addition, *, now: datetime) -> None:
    context = {
        "addition_id": str(addition.id),
        "provider": Provider.objects.get(pk=addition.provider_id).name,
        "establishment": addition.name,
    }
    for person_id in deciders():
        letter = Letter("providers/addition_asked", person_id, context)
        send(letter, key=f"addition:{addition.id}:{person_id}", authority_id=REGION_ID, now=now)


def _tell_the_provider(
    template: str, addition: Addition, context: dict[str, str], *, now: datetime
) -> None:
    letter = ProviderLetter(template, addition.provider_id, context)
    send_to_provider(letter, key=f"addition:{addition.id}:decided", authority_id=REGION_ID, now=now)
