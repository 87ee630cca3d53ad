"""The demo region, read by the owner of its database: past every policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.database import TestDatabase
from tests.demo_region import named


@pytest.fixture(scope="module")
def owner(demo_region: str, django_db_setup: TestDatabase) -> Iterator[psycopg.Connection[Any]]:
    url = named(django_db_setup.owner_url, urlsplit(demo_region).path.lstrip("/"))
    with psycopg.connect(url, autocommit=True) as owner:
        yield owner
