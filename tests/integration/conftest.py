import pytest

from tests.factories.kernel import Region, make_region


@pytest.fixture
def region(db: None) -> Region:
    return make_region()
