"""The generated matrix: every address × method × role × ownership equals the permission table."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from dps.actors import Role
from dps.models import Authority, Membership
from tests.region.cells import METHODS, ROLES, addresses, answers, may, side, unknown
from tests.region.objects import Home, Objects
from tests.region.people import client_of

ADDRESSES = list(addresses())
NAMES = [address.name for address in ADDRESSES]
# What a permitted person may be told of their own object, besides the page itself: a form that
# lacks something, a step that is not possible now, something that has ended.
# Within the role, only those who have handed in their grades.
FOR_THOSE_WHO_GRADED = {"referrals:agree", "referrals:confirm_grades"}
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
ANSWERED = {200, 204, 302, 303, 400, 409, 410, 429}


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def owner(demo_region, django_db_setup):
    name = urlsplit(demo_region).path
    url = urlunsplit(urlsplit(django_db_setup.owner_url)._replace(path=name))
    with psycopg.connect(url, autocommit=True) as owner:
        yield owner


@pytest.fixture(scope="module")
def objects(owner):
    authority = Authority.objects.get(code="WSX")
    row = owner.execute(
        "SELECT m.provider_id FROM dps_membership m"
        " JOIN referrals_invitation i ON i.provider_id = m.provider_id"
        " LEFT JOIN contracts_agreement a ON a.provider_id = m.provider_id"
        " LEFT JOIN dps_document d ON d.provider_id = m.provider_id"
        " GROUP BY m.provider_id ORDER BY count(a.id) DESC, count(d.id) DESC LIMIT 1"
    ).fetchone()
    return Objects(owner, Home(authority.id, str(row[0])))


@pytest.fixture(scope="module")
def people(objects):
    """One signed-in browser of each role, without the second factor that journeys go through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.SECOND_FACTOR_REQUIRED", False, raising=False)
        yield {role: _signed_in(role, objects.home) for role in ROLES}


def _signed_in(role: Role, home: Home) -> Client:
    where = {"roles__contains": [role.value]}
    kind = side(role)
    if kind == "authority":
        where |= {"authority_id": home.authority_id, "is_central": False}
    found = Membership.objects.filter(**where)
    if kind == "provider":
        mine = found.filter(provider_id=home.provider_id).first()
        membership = mine or _join(role, home)
    else:
        membership = found.first()
    return client_of(membership)


def _join(role: Role, home: Home) -> Membership:
    from tests.factories.kernel import make_person  # noqa: PLC0415

    actor = make_person(role, provider_id=home.provider_id)
    return Membership.objects.get(person_id=actor.person_id)


def ask(client: Client, method: str, url: str) -> int:
    """One request; what it changed is rolled back."""
    if method not in CHANGING:
        return client.generic(method, url).status_code
    with transaction.atomic():
        response = client.generic(method, url)
        transaction.set_rollback(True)
    return response.status_code


def test_every_address_has_its_own_name():
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []


@pytest.mark.parametrize("address", ADDRESSES, ids=NAMES)
def test_cells_equal_the_permission_table(address, people, objects):
    connection.ensure_connection()
    found = _cells(address, people, objects)

    wrong = [cell for cell in found if not cell[-1]]
    assert wrong == []


def _cells(address, people, objects):
    answered = answers(address)
    for role in (None, *ROLES):
        client = people[role] if role else Client(raise_request_exception=False)
        kind = side(role) if role else "public"
        for ownership, values in _owned(address, objects, role, kind):
            url = reverse(address.name, kwargs=values)
            for method in _asked(answered, role, ownership):
                status = ask(client, method, url)
                right = _is_right(address, role, (ownership, method), method in answered, status)
                yield role, ownership, method, url, status, right


def _asked(answered, role, ownership):
    """Every method; what the view does not answer is refused before it looks at the person."""
    if role is None and ownership != "foreign":
        return METHODS
    return [method for method in answered if method != "HEAD"]


def _owned(address, objects, role, kind):
    if not address.parameters:
        yield "own", {}
        return
    yield "unknown", {name: unknown(name) for name in address.parameters}
    if role is None or (address.view.action and not may(role, address)):
        return
    own = objects.own(address.name, address.parameters, kind)
    if own is not None:
        yield "own", own
    foreign = objects.foreign(address.name, address.parameters, kind)
    if foreign is not None:
        yield "foreign", foreign


def _is_right(address, role, cell, is_answered, status):
    ownership, method = cell
    if not is_answered:
        return status == 405
    if address.view.action is None:
        return status < 500
    if role is None:
        return status == 302
    if not may(role, address):
        return status == 403
    if ownership == "own":
        return status in ANSWERED or (status == 403 and address.name in FOR_THOSE_WHO_GRADED)
    # What is sent with nothing filled in may be refused before anybody asks whose it is.
    return status == 404 or (status == 400 and method == "POST")
