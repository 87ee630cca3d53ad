import pytest
from django.test import Client

from dps.actors import Actor
from dps.models import Account
from tests.factories.kernel import PASSWORD


@pytest.fixture
def _password_alone(settings):
    """Second factors have tests of their own."""
    settings.SECOND_FACTOR_REQUIRED = False
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def browser(_password_alone):
    """Signs a person in through the pages, who has just given the password again."""

    def sign_in(actor: Actor) -> Client:
        client = Client()
        email = Account.objects.get(person_id=actor.person_id).email
        for address in ("/account/login/", "/account/reauthenticate/"):
            response = client.post(address, {"login": email, "password": PASSWORD})
            assert response.status_code == 302, response.content
        return client

    return sign_in
