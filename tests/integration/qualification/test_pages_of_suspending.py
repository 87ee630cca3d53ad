"""The central team's pages of suspending and reinstating."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Account
from dps.tenancy.identity import acting_as
from qualification.models import Suspension
from tests.factories.kernel import make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    return make_applying(region)


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


@pytest.fixture
def sign_in(client):
    def as_actor(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return as_actor


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(words.split())


def page(name, *ids):
    return reverse(f"qualification:{name}", args=ids)


def test_suspending_and_lifting_from_the_establishment_s_page(oak, sign_in, manager):
    oak.decided()
    client = sign_in(manager)
    here = reverse("providers:establishment", args=[oak.establishment.id])
    suspend_page = page("suspend", oak.establishment.id)
    assert suspend_page in client.get(here).content.decode()
    assert "It is on the list for SEN day" in text_of(client.get(suspend_page))

    done = client.post(
        suspend_page, {"cause": "insurance", "reason": "The certificate ran out."}, follow=True
    )
    with acting_as(BOSS):
        suspension = Suspension.objects.get()
    reinstate_page = page("reinstate", suspension.id)
    assert "Oak Trust School is suspended." in text_of(done)
    assert reinstate_page in done.content.decode()
    assert "The certificate ran out." in text_of(client.get(reinstate_page))

    lifted = client.post(reinstate_page, {"reason": "A new one came."}, follow=True)

    assert "The suspension is lifted." in text_of(lifted)
    assert suspend_page in lifted.content.decode()
    assert "It was lifted on" in text_of(client.get(reinstate_page))
    late = client.post(reinstate_page, {"reason": "Again."})
    assert (late.status_code, "Again." in late.content.decode()) == (410, True)


def test_an_officer_sees_the_state_but_no_way_to_suspend(oak, sign_in):
    oak.decided()
    client = sign_in(oak.officer)
    here = client.get(reverse("providers:establishment", args=[oak.establishment.id]))

    assert "Qualified" in text_of(here)
    assert page("suspend", oak.establishment.id) not in here.content.decode()
    assert client.get(page("suspend", oak.establishment.id)).status_code == 403


@pytest.mark.parametrize("given", [{}, {"cause": "x", "reason": "y"}, {"cause": "other"}])
def test_a_suspension_that_is_not_said_is_refused_at_its_field(oak, sign_in, manager, given):
    oak.decided()

    response = sign_in(manager).post(page("suspend", oak.establishment.id), given)

    assert (response.status_code, "There is a problem" in text_of(response)) == (400, True)
    with acting_as(BOSS):
        assert not Suspension.objects.exists()


def test_suspending_twice_is_refused_at_the_field(oak, sign_in, manager):
    oak.decided()
    given = {"cause": "insurance", "reason": "Ran out."}
    client = sign_in(manager)
    client.post(page("suspend", oak.establishment.id), given)

    response = client.post(page("suspend", oak.establishment.id), given)

    assert response.status_code == 409
    assert "suspended for this cause already" in text_of(response)


def test_there_is_nothing_to_suspend_where_nothing_qualified(oak, sign_in, manager):
    client = sign_in(manager)

    assert "on no category’s list" in text_of(client.get(page("suspend", oak.establishment.id)))
    assert client.get(page("suspend", uuid4())).status_code == 404
    assert client.get(page("reinstate", uuid4())).status_code == 404
