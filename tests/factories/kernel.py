"""Authorities, categories and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from dps.actors import CENTRAL_ROLES, PROVIDER_ROLES, REGION_ID, Actor, Kind, Role, system
from dps.models import Account, Adoption, Authority, Category, Market, Membership, Person
from dps.services.authorities import NewAuthority, add_authority, add_region
from dps.services.people import actor_for
from dps.tenancy.identity import acting_as

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


@dataclass
class Region:
    """Two councils, one category that both have adopted, in a market that is open."""

    west: Authority
    east: Authority
    category: Category
    counter: int = field(default=0)

    def next(self) -> int:
        self.counter += 1
        return self.counter


def make_councils() -> tuple[Authority, Authority]:
    """West and East Sussex, with all their partitions: made once for each test database."""
    add_region(now=NOON)
    boss = system(REGION_ID)
    with acting_as(boss):
        west, east = (
            add_authority(
                NewAuthority(
                    code=code,
                    name=name,
                    kind="partner",
                    joined_on=date(2026, 1, 1),
                    is_lead=code == "WSX",
                ),
                actor=boss,
                now=NOON,
            )
            for code, name in (("WSX", "West Sussex"), ("ESX", "East Sussex"))
        )
    return west, east


def make_region() -> Region:
    """The two councils that every test database has, and a category that both have adopted."""
    boss = system(REGION_ID)
    with acting_as(boss):
        west, east = (Authority.objects.get(code=code) for code in ("WSX", "ESX"))
    with acting_as(boss):
        market = Market.objects.create(
            code="south-east-dps",
            name="South East Dynamic Purchasing System",
            regime="pcr_2015_dps",
            starts_on=date(2025, 1, 1),
            ends_on=date(2029, 2, 22),
        )
        category = Category.objects.create(
            market=market, code="sen-day", service="Special educational needs", name="SEN day"
        )
        for authority in (west, east):
            Adoption.objects.create(
                authority=authority, category=category, from_date=date(2026, 1, 1)
            )
    return Region(west, east, category)


def make_person(
    *roles: Role,
    authority: Authority | None = None,
    provider_id: UUID | None = None,
    name: str = "",
) -> Actor:
    """A person with an account and one membership, as the actor they are."""
    is_central = bool(CENTRAL_ROLES & set(roles))
    person = Person.objects.create(name=name or f"{roles[0].words} person")
    Account.objects.create_user(f"{person.id}@example.org", PASSWORD, person=person)
    membership = Membership.objects.create(
        person=person,
        authority=authority,
        provider_id=provider_id,
        is_central=is_central,
        roles=[role.value for role in roles],
    )
    return actor_for(membership, person=person)


def provider_actor(provider_id: UUID, *roles: Role) -> Actor:
    """An actor of a provider without rows of its own, for tests of policies alone."""
    return Actor(
        kind=Kind.PROVIDER,
        roles=frozenset(roles or PROVIDER_ROLES),
        name="Provider person",
        provider_id=provider_id,
    )
