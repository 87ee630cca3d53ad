"""Who walks the site: a stranger, those whom an email leads in, and everybody who signs in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.test import Client
from django.urls import reverse

from dps.actors import Role
from dps.models import Authority
from tests.region.cells import ROLES, side
from tests.region.people import People

# Those whom an email leads to pages without an account: parents, and a colleague who was invited.
WRITTEN_TO = ("@family.example", "rowan.fieldgate@westsussex.example")
# Theirs alone: those who try links that nobody was sent do so from another network.
NETWORK = "192.0.2.30"
# People of councils other than the lead's for whom something waits, and how they are found.
AT_COUNCILS = {
    "grades to agree": (
        Role.EVALUATOR,
        "referrals_referral WHERE state = 'grading' AND grades_in_at IS NOT NULL",
    ),
    "an award to approve": (Role.APPROVER, "referrals_referral WHERE state = 'recommended'"),
    "an agreement to sign": (Role.APPROVER, "contracts_agreement WHERE state = 'to_sign'"),
}
OPEN = "referral_state = 'open' AND bids_close_at > now() AND declined_at IS NULL"
PROGRESS = "(SELECT FROM referrals_bidprogress p WHERE p.invitation_id = i.id)"
AT_PROVIDERS = {
    "a draft application": "qualification_application WHERE state = 'draft'",
    "an application that is being read": "qualification_application WHERE state = 'submitted'",
    "a question to reply to": "qualification_pointtoclear WHERE replied_at IS NULL",
    "a review to reply to": "qualification_scorereview WHERE replied_at IS NULL"
    " AND decided_at IS NULL",
    "a suspension to put right": "providers_establishment e WHERE EXISTS"
    " (SELECT FROM qualification_suspension s WHERE s.establishment_id = e.id"
    " AND s.lifted_at IS NULL)",
    "an application to put right": "qualification_application WHERE state = 'rejected'",
    "an invitation to answer": f"referrals_invitation i WHERE {OPEN} AND NOT EXISTS {PROGRESS}",
    "a bid that can be changed": f"referrals_invitation i WHERE {OPEN} AND EXISTS {PROGRESS}",
    "a bid to finish": "referrals_bidprogress WHERE state = 'draft'",
    "a result": "referrals_awardletter WHERE true",
    "an agreement to sign": "contracts_agreement WHERE state = 'to_sign'",
}
WITH_PEOPLE = (
    " AND provider_id IN (SELECT provider_id FROM dps_membership"
    " WHERE 'provider_administrator' = ANY (roles))"
)


@dataclass(frozen=True)
class Walker:
    """Somebody at a browser, where they start, and the kind of pages that they see."""

    name: str
    kind: str
    client: Client
    start: str


def walkers(owner: psycopg.Connection[Any]) -> Iterator[Walker]:
    """Each role of the lead council and the central team; commissioners of all; some providers."""
    yield Walker("a stranger", "public", _stranger(), reverse("welcome"))
    for address in WRITTEN_TO:
        yield Walker(address, "public", _stranger(), f"{reverse('mailbox')}?to={address}")
    people = People(authority=Authority.objects.get(is_lead=True))
    for role in ROLES:
        if side(role) != "provider":
            yield _signed_in(role, people.of(role))
    for authority in Authority.objects.filter(is_lead=False).exclude(kind="region"):
        client = people.of(Role.COMMISSIONER, authority.id)
        yield _signed_in(Role.COMMISSIONER, client, authority.code)
    for waits, (role, rows) in AT_COUNCILS.items():
        yield _signed_in(role, people.of(role, _first(owner, "authority_id", rows)), waits)
    yield from _providers(owner, people)


def _providers(owner: psycopg.Connection[Any], people: People) -> Iterator[Walker]:
    """Each walks once, whatever waits for it; and a bid writer, who may not do everything."""
    waiting = {
        str(_first(owner, "provider_id", f"{rows}{WITH_PEOPLE}")): waits
        for waits, rows in AT_PROVIDERS.items()
    }
    for home, waits in waiting.items():
        yield _signed_in(
            Role.PROVIDER_ADMINISTRATOR, people.of(Role.PROVIDER_ADMINISTRATOR, home), waits
        )
    yield _signed_in(Role.BID_WRITER, people.of(Role.BID_WRITER, next(iter(waiting))))


def _stranger() -> Client:
    return Client(raise_request_exception=False, REMOTE_ADDR=NETWORK)


def _signed_in(role: Role, client: Client, at: str = "") -> Walker:
    client.defaults["REMOTE_ADDR"] = NETWORK
    return Walker(f"{role} {at}".strip(), side(role), client, reverse("start"))


def _first(owner: psycopg.Connection[Any], column: str, rows: str) -> Any:
    text = f"SELECT {column} FROM {rows} ORDER BY 1 LIMIT 1"
    found = owner.execute(text).fetchone()  # type: ignore[arg-type]
    assert found, rows
    return found[0]
