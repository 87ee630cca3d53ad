"""What every test may use. The servers and the database are plugins of their own."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.cache import caches

pytest_plugins = [
    "tests.servers",
    "tests.database",
    "tests.demo_region",
    "tests.off_switches.plugin",
]


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> Iterator[None]:
    """Tries are counted by the minute: without this, quick tests would use up each other's."""
    cache = caches["default"]
    usual, cache.key_prefix = cache.key_prefix, uuid4().hex
    yield
    cache.key_prefix = usual
