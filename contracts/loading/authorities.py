"""Chapter one: the region, its councils, markets and people."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.loading.story import Story
from dps.actors import CENTRAL_ROLES, REGION_ID, Role, system
from dps.clock import london
from dps.demo.people import AUTHORITIES, DemoPerson, authority_people, central_team
from dps.models import Account, Category, Person
from dps.services.authorities import NewAuthority, add_authority, add_region
from dps.services.colleagues import Colleague, invite_colleague
from dps.services.people import Joining, actor_for, enrol
from qualification.services import setting_up

BEGAN = 420
"""Days before today on which the market opened."""
COLOURS = {
    "WSX": "#00594f",
    "ESX": "#3b2e7e",
    "SRY": "#0b5c2e",
    "KEN": "#8a1538",
    "BNH": "#006a8e",
    "MDW": "#1f4e8c",
    "ESS": "#a3171e",
}
NEWCOMERS = (
    (
        "west-sussex",
        Role.AUTHORITY_ADMINISTRATOR,
        Colleague("Rowan Fieldgate", "rowan.fieldgate@westsussex.example", (Role.COMMISSIONER,)),
    ),
    (
        "wrenfold",
        Role.PROVIDER_ADMINISTRATOR,
        Colleague("Ivy Marlcombe", "ivy.marlcombe@wrenfold.example", (Role.BID_WRITER,)),
    ),
)
USED = ("sen-day", "sen-residential")
"""The categories that the councils have adopted, and of which the story tells."""
PASSWORD = "placement-demo-2026"  # noqa: S105 -- of invented people, printed by the demo


def found_region(story: Story) -> None:
    at = story.ago(days=BEGAN)
    add_region(now=at)
    boss = system(REGION_ID)
    with story.acting(boss, at):
        setting_up.make_categories(actor=boss, now=at)
    for one in AUTHORITIES:
        new = NewAuthority(
            code=one.code,
            name=one.name,
            kind="partner",
            joined_on=london(at).date(),
            is_lead=one.is_lead,
            brand_colour=COLOURS[one.code],
            contact_email=f"placements@{one.domain}",
            contact_phone="01632 960 001",
        )
        with story.acting(boss, at):
            story.authorities[one.key] = add_authority(new, actor=boss, now=at)
    story.categories = {category.code: category for category in Category.objects.all()}
    with story.acting(boss, at):
        for code, category in story.categories.items():
            day = london(at).date()
            setting_up.install_rules(category=category, from_date=day, actor=boss, now=at)
            if code not in USED:
                continue
            for authority in story.authorities.values():
                setting_up.adopt_category(
                    authority_id=authority.id,
                    category=category,
                    from_date=day,
                    actor=boss,
                    now=at,
                )


def enrol_staff(story: Story) -> None:
    """Everybody of the councils and the central team, with the demo's one password."""
    at = story.ago(days=BEGAN) + timedelta(hours=1)
    for person in (*authority_people(), *central_team()):
        enrol_person(story, person, at=at)


def enrol_person(story: Story, person: DemoPerson, *, at: datetime) -> None:
    is_central = person.role in CENTRAL_ROLES
    authority = story.authorities[person.authority] if person.authority else None
    key = "central" if is_central else (person.authority or person.provider or "")
    provider = story.providers.get(person.provider or "")
    home = REGION_ID if is_central or authority is None else authority.id
    membership = enrol(
        Joining(
            name=person.name,
            email=person.email,
            password=None,
            roles=(person.role,),
            authority_id=authority.id if authority else None,
            provider_id=provider.provider_id if provider else None,
            is_central=is_central,
        ),
        actor=system(home),
        now=at,
    )
    actor = actor_for(membership, person=Person.objects.get(pk=membership.person_id))
    story.people.setdefault((key, Role(person.role)), []).append(actor)


def invite_newcomers(story: Story) -> None:
    """A council and a provider have each invited somebody, who has not joined yet."""
    at = story.ago(days=1)
    for key, role, colleague in NEWCOMERS:
        actor = story.person(key, role)
        with story.acting(actor, at):
            invite_colleague(colleague, actor=actor, now=at)


def set_passwords() -> None:
    """One slow hash for all: the demo's accounts share a password that everybody is told."""
    sample = Account()
    sample.set_password(PASSWORD)
    Account.objects.update(password=sample.password)
