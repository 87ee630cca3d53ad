"""Chapter two: the register is imported; invented providers and establishments join it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from contracts.loading.authorities import BEGAN, enrol_person
from contracts.loading.story import Story
from dps.actors import PROVIDER_ROLES, REGION_ID, Actor, Kind, Role, public, system
from dps.clock import london
from dps.demo.establishments import DemoEstablishment, DemoInspection, establishments
from dps.demo.establishments import providers as demo_providers
from dps.demo.people import AUTHORITIES, provider_people
from dps.demo.real_schools import DemoRealSchool, qualified_real_schools
from dps.models import Membership, Person
from dps.services.people import actor_for
from providers.models import Establishment, Evidence, Provider
from providers.services.additions import Wanted, ask_for_addition
from providers.services.claims import claim_establishment, confirm_claim
from providers.services.establishments import NewEstablishment, add_establishment, say_places
from providers.services.evidence import NewEvidence, record_evidence
from providers.services.inspections import NewInspection, record_inspection
from providers.services.registering import NewProvider, register_provider
from providers.services.registers import import_register

REGISTER = Path(__file__).parents[2] / "providers" / "data" / "gias-extract.csv"
KINDS = {
    "school": Establishment.Kind.INDEPENDENT_SPECIAL,
    "fostering_agency": Establishment.Kind.FOSTERING_AGENCY,
    "childrens_home": Establishment.Kind.CHILDRENS_HOME,
    "alternative_provision": Establishment.Kind.ALTERNATIVE_PROVISION,
}
APPLYING_BEGINS = 40
"""Days after the start on which the first applies; later inspections come after the decisions."""
SUM_INSURED = 1_000_000_000
"""Pence: the ten million pounds that the criteria ask for."""


def read_register(story: Story) -> None:
    at = story.ago(days=BEGAN - 10)
    boss = system(REGION_ID)
    with story.acting(boss, at):
        import_register(REGISTER, actor=boss, now=at)


def register_providers(story: Story) -> None:
    """Invented organisations register; people can sign in for some of them."""
    at = story.ago(days=BEGAN - 20)
    people = {person.provider: person for person in reversed(provider_people())}
    for copy in range(story.scale):
        for one in demo_providers():
            first = people.get(one.key) if copy == 0 else None
            new = NewProvider(
                name=_numbered(one.name, copy),
                person_name=first.name if first else f"Office of {one.name}"[:120],
                email=first.email if first else f"office{copy or ''}@{one.domain}",
                password=None,
                contact_phone="01632 960 777",
                is_invented=True,
            )
            with story.acting(public(), at):
                provider = register_provider(new, actor=public(), now=at)
            story.providers[_key(one.key, copy)] = _first_person(provider)
    for person in provider_people():
        key = (person.provider or "", person.role)
        if person.role is Role.PROVIDER_ADMINISTRATOR:
            story.people[key] = [story.providers[key[0]]]
        else:
            enrol_person(story, person, at=at)


def _first_person(provider: Provider) -> Actor:
    membership = Membership.objects.get(provider_id=provider.id)
    return actor_for(membership, person=Person.objects.get(pk=membership.person_id))


def add_invented(story: Story) -> None:
    """Each invented establishment is added, claimed, confirmed, inspected and insured."""
    at = story.ago(days=BEGAN - 25)
    areas = {one.key: one.area for one in AUTHORITIES}
    for copy in range(story.scale):
        for one in establishments():
            boss = system(REGION_ID)
            with story.acting(boss, at):
                made = add_establishment(_new(one, areas[one.authority], copy), actor=boss, now=at)
            key = _key(one.key, copy)
            story.establishments[key] = made.id
            owner = story.providers[_key(one.provider.key, copy)]
            _confirm(story, made.id, owner, at=at)
            facts = Facts(made.id, owner, one.inspection, one.insurance_days)
            _insure_and_inspect(story, facts, at=at)


def ask_for_unlisted(story: Story) -> None:
    """A home that no register lists waits for the central team."""
    at = story.ago(days=2)
    owner = story.providers[_key(establishments()[0].provider.key, 0)]
    wanted = Wanted(
        name="Ternwick House (invented)",
        kind=Establishment.Kind.CHILDRENS_HOME.value,
        number="SC900001",
        street="4 Shingle Walk",
        town="Worthing",
        postcode="BN11 1AA",
        phone="01632 960200",
        low_age=8,
        high_age=17,
    )
    with story.acting(owner, at):
        ask_for_addition(wanted, actor=owner, now=at)


def claim_real(story: Story) -> None:
    """Real schools from the register, each with an organisation of its own and nobody's account."""
    at = story.ago(days=BEGAN - 25)
    applicant = Person.objects.create(name="Demo applicant (invented)")
    for school in qualified_real_schools():
        establishment = Establishment.objects.get(urn=school.urn)
        owner = _proprietor(establishment, applicant, at=at, story=story)
        story.providers[school.urn] = owner
        story.establishments[school.urn] = establishment.id
        _confirm(story, establishment.id, owner, at=at)
        facts = Facts(establishment.id, owner, school.inspection, school.insurance_days)
        _insure_and_inspect(story, facts, at=at)
        _say_places(story, school, establishment, owner)


def _proprietor(
    establishment: Establishment, applicant: Person, *, at: datetime, story: Story
) -> Actor:
    boss = system(REGION_ID)
    with story.acting(boss, at):
        provider = Provider.objects.create(
            name=f"Proprietor of {establishment.name} ({establishment.urn})", registered_at=at
        )
    return Actor(
        kind=Kind.PROVIDER,
        roles=PROVIDER_ROLES,
        name=applicant.name,
        person_id=applicant.id,
        provider_id=provider.id,
    )


def _say_places(
    story: Story, school: DemoRealSchool, establishment: Establishment, owner: Actor
) -> None:
    with story.acting(owner, story.now):
        say_places(
            establishment_id=establishment.id,
            places=school.places,
            vacancies=school.vacancies,
            actor=owner,
            now=story.now,
        )


@dataclass(frozen=True)
class Facts:
    """What is known of one establishment besides the register."""

    establishment_id: UUID
    owner: Actor
    inspection: DemoInspection
    insurance_days: int


def _confirm(story: Story, establishment_id: UUID, owner: Actor, *, at: datetime) -> None:
    officer = story.person("central", Role.CONTRACTS_OFFICER)
    with story.acting(owner, at):
        claim = claim_establishment(establishment_id=establishment_id, actor=owner, now=at)
    later = at + timedelta(days=2)
    with story.acting(officer, later):
        confirm_claim(claim_id=claim.id, actor=officer, now=later)


def _insure_and_inspect(story: Story, facts: Facts, *, at: datetime) -> None:
    if facts.inspection.days_ago > BEGAN - APPLYING_BEGINS:
        _inspect(story, facts, at=at)
    else:
        story.inspected_later.append(lambda: _inspect(story, facts, at=at))
    for kind in (Evidence.Kind.PUBLIC_LIABILITY, Evidence.Kind.EMPLOYERS_LIABILITY):
        for certificate in _certificates(story, facts, kind):
            with story.acting(facts.owner, at):
                record_evidence(certificate, actor=facts.owner, now=at)


def inspect_later(story: Story) -> None:
    """What inspectors found since the applications were decided."""
    for inspect in story.inspected_later:
        inspect()


def _inspect(story: Story, facts: Facts, *, at: datetime) -> None:
    officer = story.person("central", Role.CONTRACTS_OFFICER)
    found = facts.inspection
    inspected_on = london(story.now).date() - timedelta(days=found.days_ago)
    recorded_at = max(at, story.ago(days=found.days_ago - 10))
    with story.acting(officer, recorded_at):
        inspection = NewInspection(
            facts.establishment_id, found.body, found.scale, found.result, inspected_on
        )
        record_inspection(inspection, actor=officer, now=recorded_at)


def _certificates(story: Story, facts: Facts, kind: str) -> list[NewEvidence]:
    """Three years' certificates, so that one covers whichever day the story needs."""
    expires = london(story.now).date() + timedelta(days=facts.insurance_days)
    number = f"{kind[:2].upper()}-{facts.establishment_id.hex[-6:]}"
    dates = [expires - timedelta(days=365 * years) for years in (2, 1, 0)]
    return [
        NewEvidence(
            establishment_id=facts.establishment_id,
            kind=kind,
            issued_on=date - timedelta(days=365),
            expires_on=date,
            number=f"{number}-{date.year}",
            sum_insured_pence=SUM_INSURED,
        )
        for date in dates
    ]


def _new(one: DemoEstablishment, area: str, copy: int) -> NewEstablishment:
    return NewEstablishment(
        name=_numbered(one.name, copy),
        kind=KINDS[one.kind],
        street=one.street,
        town=one.town,
        postcode=one.postcode,
        la_name=area,
        region_name="South East",
        phone="01632 960 123",
        website=one.website,
        low_age=one.low_age,
        high_age=one.high_age,
        gender=one.gender.capitalize(),
        boarders=one.boarding.replace("_", " ").capitalize(),
        needs=one.needs,
        places=one.places,
        vacancies=one.vacancies,
        is_invented=True,
    )


def _numbered(name: str, copy: int) -> str:
    return name if copy == 0 else f"{name} {copy + 1}"


def _key(key: str, copy: int) -> str:
    return key if copy == 0 else f"{key}#{copy}"
