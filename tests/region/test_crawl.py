"""An ordinary newcomer's hour: every page is reached from a start page, and none is a dead end."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from dps.actors import Role
from dps.models import Authority
from tests.region.cells import ROLES, addresses, answers, side
from tests.region.crawl import walk
from tests.region.people import People

# Those whom an email leads to pages without an account: parents, and a colleague who was invited.
WRITTEN_TO = ("@family.example", "rowan.fieldgate@westsussex.example")
# Addresses that no link of the region leads to, and why.
NOT_BY_LINK: dict[str, str] = {
    "brand": "a style sheet",
    "health_live": "for monitors",
    "health_ready": "for monitors",
    "contracts:publication": "for other systems, which know the name of a quarter from the list",
    # Pages that answer a form which has been sent; the journeys send them.
    "joined": "after joining",
    "providers:registered": "after registering",
    "qualification:sent": "after sending an application",
    "referrals:bid_check": "after saving a bid to go on",
    "referrals:choice": "after the parent has entered the code",
    "referrals:choice_done": "after the parent has chosen",
    "referrals:grading_paper": "after declaring that there is no conflict of interest",
}
# Providers for whom something waits, and how it is found.
WAITING = {
    "a draft application": "qualification_application WHERE state = 'draft'",
    "an application that is being read": "qualification_application WHERE state = 'submitted'",
    "an application to put right": "qualification_application WHERE state = 'rejected'",
    "an invitation to answer": "referrals_invitation i WHERE referral_state = 'open'"
    " AND bids_close_at > now() AND declined_at IS NULL AND NOT EXISTS"
    " (SELECT FROM referrals_bidprogress p WHERE p.invitation_id = i.id)",
    "a bid to finish": "referrals_bidprogress WHERE state = 'draft'",
    "a bid that can be changed": "referrals_invitation i WHERE referral_state = 'open'"
    " AND bids_close_at > now() AND EXISTS (SELECT FROM referrals_bidprogress p"
    " WHERE p.invitation_id = i.id AND p.state = 'submitted')",
    "a result": "referrals_awardletter",
    "an agreement to sign": "contracts_agreement WHERE state = 'to_sign'",
}
# People of councils other than the lead's for whom something waits.
WAITING_AT_COUNCILS = {
    (Role.EVALUATOR, "grades to agree"): "referrals_referral WHERE state = 'grading'"
    " AND grades_in_at IS NOT NULL",
    (Role.APPROVER, "an award to approve"): "referrals_referral WHERE state = 'recommended'",
    (Role.APPROVER, "an agreement to sign"): "contracts_agreement WHERE state = 'to_sign'",
}
WITH_PEOPLE = (
    " AND provider_id IN (SELECT provider_id FROM dps_membership"
    " WHERE 'provider_administrator' = ANY (roles))"
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def walks(owner):
    """A stranger, a parent, each role once, the commissioners of all councils, some providers."""
    people = People(authority=Authority.objects.get(is_lead=True))
    found = {}
    with override_settings(DEMO=True):  # whose mailbox is where links of emails are followed
        found["stranger"] = walk(_stranger(), reverse("welcome"))
        for address in WRITTEN_TO:
            found[address] = walk(_stranger(), f"{reverse('mailbox')}?to={address}")
    for who, client in _everybody(people, owner):
        found[who] = walk(client, reverse("start"))
    return found


def _stranger():
    return Client(raise_request_exception=False)


def _everybody(people, owner):
    for role in ROLES:
        if side(role) != "provider":
            yield role, people.of(role)
    for authority in Authority.objects.filter(is_lead=False).exclude(kind="region"):
        yield authority.code, people.of(Role.COMMISSIONER, authority.id)
    for (role, _waits), rows in WAITING_AT_COUNCILS.items():
        home = owner.execute(f"SELECT authority_id FROM {rows} LIMIT 1").fetchone()[0]
        yield (role, home), people.of(role, home)
    homes = {waits: _first(owner, rows) for waits, rows in WAITING.items()}
    for home in dict.fromkeys(homes.values()):
        yield home, people.of(Role.PROVIDER_ADMINISTRATOR, home)
    yield "writer", people.of(Role.BID_WRITER, homes["an invitation to answer"])


def _first(owner, rows):
    joint = rows if "WHERE" in rows else f"{rows} WHERE true"
    found = owner.execute(f"SELECT provider_id FROM {joint}{WITH_PEOPLE} LIMIT 1").fetchone()
    assert found, rows
    return str(found[0])


def test_nothing_is_dead(walks):
    dead = {who: found.dead for who, found in walks.items() if found.dead}

    assert dead == {}


def test_every_page_has_one_heading_and_a_next_step(walks):
    lacking = {
        who: (found.without_one_heading, found.without_next_step)
        for who, found in walks.items()
        if found.without_one_heading or found.without_next_step
    }

    assert lacking == {}


def test_every_page_is_reached_by_somebody(walks):
    reached = set().union(*(found.names for found in walks.values()))
    readable = {address.name for address in addresses() if "GET" in answers(address)}

    assert readable - reached == set(NOT_BY_LINK)
