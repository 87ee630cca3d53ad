"""People, their accounts and memberships."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor, Kind, Role
from dps.audit import Act
from dps.models import Account, Membership, Person
from dps.refusals import Refusal
from dps.tenancy.identity import acting_as, signing_in


class EmailTaken(Refusal):
    message = "There is already an account with this email address. Sign in, or reset the password."
    field = "email"


@dataclass(frozen=True, slots=True)
class Joining:
    """A person joining an authority, the central team or a provider in some roles."""

    name: str
    email: str
    password: str | None
    roles: tuple[Role, ...]
    authority_id: int | None = None
    provider_id: UUID | None = None
    is_central: bool = False


@transaction.atomic
def enrol(joining: Joining, *, actor: Actor, now: datetime) -> Membership:
    """Make the person, the account and the membership together (BC 10, 12.1).

    Accounts are written as the bare login role, which alone may; the event as `actor`.

    :raises EmailTaken: the address has an account.
    """
    with signing_in():
        person, membership = _make(joining)
    chain = (
        REGION_ID if joining.authority_id is None or joining.is_central else joining.authority_id
    )
    with acting_as(actor):
        facts = {"roles": membership.roles, "person_id": str(person.id)}
        act = Act("person.enrolled", membership, facts)
        audit.record(act, actor=actor, at=now, authority_id=chain)
    return membership


def _make(joining: Joining) -> tuple[Person, Membership]:
    if Account.objects.filter(email__iexact=joining.email).exists():
        raise EmailTaken
    person = Person.objects.create(name=joining.name)
    Account.objects.create_user(joining.email, joining.password, person=person)
    membership = Membership.objects.create(
        person=person,
        authority_id=joining.authority_id,
        provider_id=joining.provider_id,
        is_central=joining.is_central,
        roles=sorted(role.value for role in joining.roles),
    )
    return person, membership


def actor_for(membership: Membership, *, person: Person, address: str = "") -> Actor:
    """The actor whom this membership makes of a person."""
    if membership.provider_id is not None:
        kind = Kind.PROVIDER
    else:
        kind = Kind.CENTRAL if membership.is_central else Kind.AUTHORITY
    return Actor(
        kind=kind,
        roles=frozenset(Role(role) for role in membership.roles),
        name=person.name,
        person_id=person.id,
        authority_id=membership.authority_id if kind is Kind.AUTHORITY else None,
        provider_id=membership.provider_id,
        address=address,
    )


def memberships_of(person_id: UUID) -> list[Membership]:
    """A person's active memberships, authorities first."""
    rows = Membership.objects.filter(person_id=person_id, is_active=True)
    rows = rows.select_related("authority", "person")
    return list(rows.order_by("provider_id", "-is_central", "id"))


def record_sign_in(*, actor: Actor, now: datetime, membership: Membership) -> None:
    with acting_as(actor):
        audit.record(Act("person.signed_in", membership), actor=actor, at=now, authority_id=None)


def people_with_role(
    role: Role, *, authority_id: int | None, is_central: bool = False
) -> Iterable[UUID]:
    """Who is told that work of this role waits."""
    rows = Membership.objects.filter(
        roles__contains=[role.value], is_active=True, is_central=is_central
    )
    if authority_id is not None:
        rows = rows.filter(authority_id=authority_id)
    return rows.order_by("id").values_list("person_id", flat=True)
