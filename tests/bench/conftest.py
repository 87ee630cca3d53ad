"""The region of the integration tests, and many rows at once."""

import pytest

from tests.bench.rows import Mass
from tests.integration.conftest import region

__all__ = ["region"]


@pytest.fixture
def mass(django_db_setup, region):
    return Mass(django_db_setup)
