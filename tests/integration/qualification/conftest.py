import pytest

from dps.models import Account


@pytest.fixture
def sign_in(client, settings):
    """The test client as one person after the other, without a second factor."""
    settings.SECOND_FACTOR_REQUIRED = False

    def as_actor(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return as_actor
