import pytest

from dps.actors import Role
from tests.factories.kernel import make_person
from tests.factories.providers import make_administrator, make_establishment, make_provider


@pytest.fixture
def provider(region):
    return make_provider()


@pytest.fixture
def administrator(provider):
    return make_administrator(provider)


@pytest.fixture
def officer(region):
    return make_person(Role.CONTRACTS_OFFICER, authority=region.west)


@pytest.fixture
def commissioner(region):
    return make_person(Role.COMMISSIONER, authority=region.west)


@pytest.fixture
def school(region):
    return make_establishment()


@pytest.fixture
def mine(provider):
    return make_establishment("Our School", provider=provider)


@pytest.fixture
def second(provider):
    return make_establishment("Our Second School", provider=provider)


@pytest.fixture
def rival(region):
    return make_administrator(make_provider("Rival Ltd"))


@pytest.fixture
def signed_in(client, settings):
    """Sign a browser in as an actor's account."""
    from dps.models import Account  # noqa: PLC0415 -- models exist when the fixture runs

    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return sign_in
