"""Establishments that no register lists, and the places that each has."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from providers.models import Establishment
from providers.places import place
from providers.services.placing import put


class UrnTaken(Refusal):
    message = "There is already an establishment with this URN"
    field = "urn"


class MoreVacanciesThanPlaces(NotUnderstood):
    message = "Vacancies must be the same as the places, or fewer"


@dataclass(frozen=True, slots=True)
class NewEstablishment:
    """An establishment added by hand. It is placed by its grid reference, else by its postcode."""

    name: str
    kind: str
    provider_id: UUID | None = None
    urn: str | None = None
    street: str = ""
    locality: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    la_name: str = ""
    region_name: str = ""
    phone: str = ""
    website: str = ""
    low_age: int | None = None
    high_age: int | None = None
    gender: str = ""
    boarders: str = ""
    opened_on: date | None = None
    needs: tuple[str, ...] = ()
    places: int | None = None
    vacancies: int | None = None
    easting: int | None = None
    northing: int | None = None
    is_procured: bool = True
    is_invented: bool = False


@transaction.atomic
def add_establishment(new: NewEstablishment, *, actor: Actor, now: datetime) -> Establishment:
    """Add an establishment to the directory by hand (Q1).

    :raises NotPermitted: the actor may not add establishments.
    :raises UrnTaken: the register's number is in the directory.
    """
    require(actor, Action.ADD_ESTABLISHMENT)
    if new.urn and Establishment.objects.filter(urn=new.urn).exists():
        raise UrnTaken
    establishment = Establishment(**{field.name: getattr(new, field.name) for field in fields(new)})
    establishment.needs = list(new.needs)
    if new.places is not None or new.vacancies is not None:
        establishment.places_said_at = now
    put(establishment, place(new.postcode, new.easting, new.northing))
    establishment.save()
    facts = {"name": new.name, "kind": str(new.kind), "provider_id": new.provider_id}
    act = Act("establishment.added", establishment, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    return establishment


@transaction.atomic
def say_places(
    *, establishment_id: UUID, places: int, vacancies: int, actor: Actor, now: datetime
) -> Establishment:
    """Say how many places an establishment has and how many are free today (R6a).

    :raises NotPermitted: the actor may not.
    :raises MoreVacanciesThanPlaces: more are free than there are.
    :raises Establishment.DoesNotExist: there is none, or it is another provider's.
    """
    require(actor, Action.UPDATE_PLACES)
    if vacancies > places:
        raise MoreVacanciesThanPlaces(field="vacancies")
    with connection.cursor() as cursor:
        # Only this function may write a provider's figures into the open directory.
        cursor.execute(
            "SELECT say_places(%s, %s, %s, %s)", [establishment_id, places, vacancies, now]
        )
        if not cursor.fetchone()[0]:
            raise Establishment.DoesNotExist
    establishment = Establishment.objects.get(pk=establishment_id)
    facts = {"places": places, "vacancies": vacancies}
    act = Act("establishment.places_said", establishment, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    return establishment
