"""A browser, and the site on a copy of the demo region that one module may change."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.database import TestDatabase
from tests.demo_region import named
from tests.journeys.site import Site, running

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread; Django takes that for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(demo_region: str, django_db_setup: TestDatabase) -> Iterator[Site]:
    owner_url = named(django_db_setup.owner_url, urlsplit(demo_region).path.lstrip("/"))
    with running(demo_region, owner_url) as site:
        yield site
