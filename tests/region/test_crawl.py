"""An ordinary newcomer's hour: every page is reached from a start page, and none is a dead end."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dps.actors import Role
from dps.models import Authority, Membership
from tests.region.cells import ROLES, addresses, answers
from tests.region.crawl import walk
from tests.region.people import client_of, signed_in

# Addresses that no link of the region leads to, and why.
NOT_BY_LINK = {
    "brand": "a style sheet",
    "health_live": "for monitors",
    "health_ready": "for monitors",
}


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def walks(demo_region):
    """Each role once, the commissioners of all the councils, and a few providers."""
    authorities = Authority.objects.exclude(kind="region").order_by("id")
    found = {("public", 0): walk(Client(raise_request_exception=False), reverse("welcome"))}
    for role in ROLES:
        homes = authorities if role is Role.COMMISSIONER else authorities[:1]
        for authority in homes:
            client = signed_in(role, authority_id=authority.id)
            found[role, authority.id] = walk(client, reverse("start"))
    providers = Membership.objects.filter(provider_id__isnull=False).order_by("id")
    for number, membership in enumerate(providers.distinct()[:6]):
        found["provider", number] = walk(client_of(membership), reverse("start"))
    return found


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

    assert readable - reached - set(NOT_BY_LINK) == set()
