"""From the first sign-in to the second factor: the password is asked for once."""

from uuid import uuid4

import pytest
from django.urls import reverse

from dps.actors import Role
from dps.models import Account
from tests.factories.kernel import PASSWORD, make_person

SET_UP = reverse("mfa_activate_totp")
AGAIN = reverse("account_reauthenticate")
RECORDS = "account_authentication_methods"


@pytest.fixture
def signed_in(region, client):
    """A commissioner who has entered email address and password on the page."""
    actor = make_person(Role.COMMISSIONER, authority=region.west)
    email = Account.objects.get(person_id=actor.person_id).email
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert client.get(reverse("start"))["Location"] == SET_UP
    return client


def test_who_has_just_signed_in_sets_up_the_second_factor_at_once(signed_in):
    assert signed_in.get(SET_UP).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(290, 200), (310, 302)])
def test_after_five_minutes_the_password_is_asked_for_again(signed_in, seconds, status):
    session = signed_in.session
    session[RECORDS] = [{**one, "at": one["at"] - seconds} for one in session[RECORDS]]
    session.save()

    answer = signed_in.get(SET_UP)

    assert answer.status_code == status
    assert status == 200 or answer["Location"].startswith(AGAIN)


def test_opening_bids_asks_for_the_password_however_fresh(signed_in, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    answer = signed_in.get(reverse("referrals:opening", args=[uuid4()]))

    assert answer["Location"].startswith(AGAIN)
