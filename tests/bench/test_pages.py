"""The longest pages, in process: what each costs of the server's and the database's time."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dps.actors import Role
from dps.models import Membership
from tests.bench.market import many_schools
from tests.bench.measuring import measured, size
from tests.factories.kernel import make_person
from tests.factories.referrals import make_council, make_draft
from tests.region.people import client_of

pytestmark = pytest.mark.django_db(transaction=True)
SCHOOLS = size(20_000, 100_000)
REACHED = 2_000
TURNS = 20
GOAL = "under 0.075 s each"


def browser(actor):
    return client_of(Membership.objects.get(person_id=actor.person_id))


def opened(client, what: str, url: str, *, goal: str = GOAL) -> None:
    assert client.get(url).status_code == 200
    with measured(f"Page: {what}", TURNS, goal=goal):
        for _ in range(TURNS):
            assert client.get(url).status_code == 200


def test_directory(region, mass):
    many_schools(region, mass, SCHOOLS - 1)
    mass.vacuum()
    client = browser(make_person(Role.DPS_MANAGER, authority=region.west))
    directory = reverse("providers:directory")

    opened(client, f"directory of {SCHOOLS:,}, first page", directory)
    opened(client, f"directory of {SCHOOLS:,}, within 20 miles", f"{directory}?near=RH12&miles=20")
    opened(client, f"directory of {SCHOOLS:,}, by name", f"{directory}?search=School+1+77")
    opened(client, f"directory of {SCHOOLS:,}, last page", f"{directory}?page=999999")
    log = reverse("contracts:master_log")
    opened(client, f"master log of {SCHOOLS:,}, first page", log, goal="-")


def test_reach(region, mass):
    many_schools(region, mass, REACHED - 1)
    mass.vacuum()
    by = make_council(region.west).commissioner
    draft = make_draft(region, by, miles=40)

    url = reverse("referrals:reach", args=[draft.pk])
    opened(browser(by), f"who will be invited, of {REACHED:,}", url, goal="-")
