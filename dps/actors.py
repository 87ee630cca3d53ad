"""Who acts: a person in one membership, a parent with a link, the public, or the system itself."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID

REGION_ID = 0
"""The reserved authority row that owns the audit chain, outbox and messages of regional acts."""


class Kind(enum.StrEnum):
    """One kind of actor, one database role."""

    AUTHORITY = "authority"
    PROVIDER = "provider"
    CENTRAL = "central"
    PARENT = "parent"
    PUBLIC = "public"
    SYSTEM = "system"

    @property
    def database_role(self) -> str:
        return f"dps_{self.value}"


class Role(enum.StrEnum):
    COMMISSIONER = "commissioner"
    EVALUATOR = "evaluator"
    APPROVER = "approver"
    AUTHORITY_ADMINISTRATOR = "authority_administrator"
    CONTRACTS_OFFICER = "contracts_officer"
    SENIOR_CONTRACTS_OFFICER = "senior_contracts_officer"
    DPS_MANAGER = "dps_manager"
    DATA_ANALYST = "data_analyst"
    PROVIDER_ADMINISTRATOR = "provider_administrator"
    BID_WRITER = "bid_writer"
    PARENT = "parent"
    PUBLIC = "public"
    SYSTEM = "system"

    @property
    def words(self) -> str:
        return (
            "DPS manager" if self is Role.DPS_MANAGER else self.value.replace("_", " ").capitalize()
        )


AUTHORITY_ROLES = frozenset(
    {Role.COMMISSIONER, Role.EVALUATOR, Role.APPROVER, Role.AUTHORITY_ADMINISTRATOR}
)
CENTRAL_ROLES = frozenset(
    {Role.CONTRACTS_OFFICER, Role.SENIOR_CONTRACTS_OFFICER, Role.DPS_MANAGER, Role.DATA_ANALYST}
)
PROVIDER_ROLES = frozenset({Role.PROVIDER_ADMINISTRATOR, Role.BID_WRITER})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, in which capacity, from where. Services, policies and audit read it."""

    kind: Kind
    roles: frozenset[Role]
    name: str
    person_id: UUID | None = None
    authority_id: int | None = None
    provider_id: UUID | None = None
    choice_id: UUID | None = None
    address: str = ""

    @property
    def chain_id(self) -> int:
        """The authority whose audit chain takes what this actor does by default."""
        return REGION_ID if self.authority_id is None else self.authority_id


def system(authority_id: int) -> Actor:
    """The system acting for one authority. Only the relay, tasks and commands may ask for it."""
    return Actor(
        kind=Kind.SYSTEM,
        roles=frozenset({Role.SYSTEM}),
        name="System",
        authority_id=authority_id,
    )


def public(address: str = "") -> Actor:
    return Actor(kind=Kind.PUBLIC, roles=frozenset({Role.PUBLIC}), name="Public", address=address)


def parent(*, authority_id: int, choice_id: UUID, address: str = "") -> Actor:
    """A parent or carer who came by a link: one authority, one choice, no account."""
    return Actor(
        kind=Kind.PARENT,
        roles=frozenset({Role.PARENT}),
        name="Parent or carer",
        authority_id=authority_id,
        choice_id=choice_id,
        address=address,
    )
