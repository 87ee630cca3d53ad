"""The invented people of the demo region: who works for each authority and provider."""

from __future__ import annotations

from dataclasses import dataclass

from dps.actors import Role
from dps.demo.establishments import providers


@dataclass(frozen=True, slots=True)
class DemoAuthority:
    """A partner authority: its real name, its codes in registers, and an invented email domain."""

    key: str
    code: str
    name: str
    area: str
    domain: str
    register_code: str
    gss: str
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An invented person with one role, in an authority or in a provider (by its key)."""

    name: str
    email: str
    role: Role
    authority: str | None = None
    provider: str | None = None


AUTHORITIES = (
    DemoAuthority(
        "west-sussex",
        "WSX",
        "West Sussex County Council",
        "West Sussex",
        "westsussex.example",
        "938",
        "E10000032",
        is_lead=True,
    ),
    DemoAuthority(
        "east-sussex",
        "ESX",
        "East Sussex County Council",
        "East Sussex",
        "eastsussex.example",
        "845",
        "E10000011",
    ),
    DemoAuthority(
        "surrey", "SRY", "Surrey County Council", "Surrey", "surrey.example", "936", "E10000030"
    ),
    DemoAuthority("kent", "KEN", "Kent County Council", "Kent", "kent.example", "886", "E10000016"),
    DemoAuthority(
        "brighton-hove",
        "BNH",
        "Brighton & Hove City Council",
        "Brighton and Hove",
        "brightonhove.example",
        "846",
        "E06000043",
    ),
    DemoAuthority(
        "medway", "MDW", "Medway Council", "Medway", "medway.example", "887", "E06000035"
    ),
    DemoAuthority(
        "essex", "ESS", "Essex County Council", "Essex", "essex.example", "881", "E10000012"
    ),
)
"""The seven partners of BC 2.7, the lead first. ``area`` is the name in region-outline.json."""

_AUTHORITY_ROLES = (
    Role.COMMISSIONER,
    Role.EVALUATOR,
    Role.EVALUATOR,
    Role.APPROVER,
    Role.AUTHORITY_ADMINISTRATOR,
    Role.COMMISSIONER,
)

_AUTHORITY_NAMES = {
    "west-sussex": (
        "Nina Candlewick",
        "Owen Featherby",
        "Ruth Mossington",
        "Gareth Plumley-Fox",
        "Ama Thimblethorpe",
        "Isla Rookhope",
    ),
    "east-sussex": (
        "Leila Harebell",
        "Simon Dunnockly",
        "Grace Wickerman",
        "Tobias Quillfeather",
        "Joan Appleshade",
        "Victor Hazelwick",
    ),
    "surrey": (
        "Farah Linnetwood",
        "Peter Brambleby",
        "Hilary Snowcroft",
        "Daniel Ottershaw-Bell",
        "Mei Larchfold",
        "Stella Heathcombe",
    ),
    "kent": (
        "Yusuf Hopperton",
        "Clare Medlarstone",
        "Ivan Wrenfield",
        "Beatrice Oastley",
        "Colin Pippinsworth",
        "Nora Cobhurst",
    ),
    "brighton-hove": (
        "Zara Pebblewright",
        "Luke Starlingford",
        "Anita Groynely",
        "Morgan Chalkhill-Day",
        "Eve Teasdrake",
        "Felix Saltdene",
    ),
    "medway": (
        "Patrick Ropewell",
        "Sunita Curlewby",
        "Helen Barnacleton",
        "Marcus Tidefold",
        "Dora Sailmere",
        "Amir Strandwell",
    ),
    "essex": (
        "Kwame Sedgewright",
        "Lucy Marshdown",
        "Rafael Oysterby",
        "Imogen Thatchley",
        "Brian Lockhaven",
        "Petra Fenwickle",
    ),
}

_CENTRAL_TEAM = (
    ("Tess Fallowmere", Role.CONTRACTS_OFFICER),
    ("Adeel Brackenshaw", Role.SENIOR_CONTRACTS_OFFICER),
    ("Marian Kestrelton", Role.DPS_MANAGER),
    ("Joe Tallowby", Role.DATA_ANALYST),
)

_PROVIDER_NAMES = {
    "wrenfold": ("Sally Goldcrestley", "Ben Hazelquay"),
    "chalkwren": ("Noor Lanternby", "Kit Mallowfield"),
    "tidewinnow": ("Angus Shoreling", "Priya Netherwick"),
    "rushlantern": ("Dawn Rushby", "Elliot Barleycombe"),
    "kestlewynd": ("Rosa Thistledown", "Hugh Finchampley"),
    "fernlattice": ("Vera Fernhollow", "Sam Catkinson"),
    "copperhithe": ("Olu Coppersmythe", "Jenny Riverdale-Moss"),
    "fallowspindle": ("Martin Spindlebury", "Tamsin Cloverly"),
}


def authority_people() -> tuple[DemoPerson, ...]:
    """Two commissioners, two evaluators, an approver and an administrator of each authority."""
    return tuple(
        DemoPerson(name, _email(name, authority.domain), role, authority=authority.key)
        for authority in AUTHORITIES
        for name, role in zip(_AUTHORITY_NAMES[authority.key], _AUTHORITY_ROLES, strict=True)
    )


def central_team() -> tuple[DemoPerson, ...]:
    """The lead authority's central contract team (BC 10.1)."""
    lead = next(authority for authority in AUTHORITIES if authority.is_lead)
    return tuple(
        DemoPerson(name, _email(name, lead.domain), role, authority=lead.key)
        for name, role in _CENTRAL_TEAM
    )


def provider_people() -> tuple[DemoPerson, ...]:
    """An administrator and a bid writer of each provider that people can sign in for."""
    domains = {provider.key: provider.domain for provider in providers()}
    roles = (Role.PROVIDER_ADMINISTRATOR, Role.BID_WRITER)
    return tuple(
        DemoPerson(name, _email(name, domains[key]), role, provider=key)
        for key, names in _PROVIDER_NAMES.items()
        for name, role in zip(names, roles, strict=True)
    )


def people() -> tuple[DemoPerson, ...]:
    """Everybody: the authorities' people, the central team, the providers' people."""
    return authority_people() + central_team() + provider_people()


def _email(name: str, domain: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{domain}"
