"""
The matrix's questions about somebody else's objects once more, with the filter of the default
managers off: the policies alone keep them from being found.
"""

from __future__ import annotations

import pytest
from django.db import models
from django.urls import reverse

from dps.actors import Kind
from dps.models import Authority
from dps.tenancy.models import TenantManager
from tests.off_switches.kinds import Opened
from tests.off_switches.policies import REFERRAL
from tests.region.cells import ROLES, addresses, answers, may, side
from tests.region.objects import Objects
from tests.region.people import People

pytestmark = pytest.mark.django_db
READ = [one for one in addresses() if one.parameters and one.action and "GET" in answers(one)]


@pytest.fixture(scope="module")
def region(owner):
    """People and objects; everything is asked before the tests, which would sign people out."""
    return People(authority=Authority.objects.get(code="WSX")), Objects(owner)


@pytest.fixture(scope="module")
def statuses(region):
    return ask(region, READ)


@pytest.fixture(scope="module")
def statuses_without_a_policy(region, owner):
    """As if every council might read every referral and its parts."""
    with Opened(Kind.AUTHORITY, REFERRAL).off(owner):
        return ask(region, [one for one in READ if one.parameters == ("referral_id",)])


def ask(region, addresses):
    people, objects = region
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TenantManager, "get_queryset", models.Manager.get_queryset)
        return {
            (address.name, role.value, url): client.get(url).status_code
            for address in addresses
            for role in ROLES
            for client, url in _foreign(address, role, people, objects)
        }


def _foreign(address, role, people, objects):
    """A browser of somebody who may open such pages, and the address of another's."""
    if not may(role, address):
        return
    own = objects.own(address.name, address.parameters, side(role))
    if own is None:
        return
    foreign = objects.foreign(address.name, address.parameters, side(role), own.home)
    if foreign is not None:
        yield people.of(role, own.home), reverse(address.name, kwargs=foreign.values)


def test_what_is_somebody_elses_is_not_found_by_the_policies_alone(statuses):
    assert {cell: status for cell, status in statuses.items() if status != 404} == {}


def test_without_the_policy_it_is_found(statuses_without_a_policy):
    found = {name for (name, _, _), status in statuses_without_a_policy.items() if status == 200}

    assert {"referrals:detail", "referrals:reach"} <= found


def test_there_was_something_to_ask(statuses):
    assert len({name for name, _role, _url in statuses}) >= 20
