"""Every page that links lead to, for every kind of user: accessible, narrow enough, no fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from dps.models import Authority
from tests.journeys.site import Site
from tests.journeys.visitor import visiting
from tests.region import crawl
from tests.region.cells import ROLES, side
from tests.region.people import signed_in

pytestmark = pytest.mark.journey
SIDES = ("public", "authority", "central", "provider")


@pytest.mark.parametrize("kind", SIDES)
def test_pages_look_right(
    kind: str, browser: Browser, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawl, "PER_PATTERN", 1)
    looked_at: set[str] = set()
    complaints: list[str] = []
    for client, start in _people(kind):
        with visiting(browser, site) as visitor:
            if client.cookies:
                visitor.comes_as(client)
            for url in _new_pages(client, start, looked_at):
                complaints += visitor.goes_to(url).complaints()
            complaints += visitor.faults
            visitor.faults.clear()

    assert complaints == []
    assert len(looked_at) > 4, looked_at


def _people(kind: str) -> Iterator[tuple[Client, str]]:
    """Somebody of each role of this side, and where they start."""
    if kind == "public":
        yield Client(raise_request_exception=False), reverse("welcome")
    lead = Authority.objects.get(is_lead=True)
    for role in ROLES:
        if side(role) == kind:
            yield signed_in(role, authority_id=lead.id), reverse("start")


def _new_pages(client: Client, start: str, looked_at: set[str]) -> Iterator[str]:
    """One page of each name that nobody of this side has opened before."""
    for page in crawl.walk(client, start).pages:
        if page.name in looked_at or page.status != 200:
            continue
        looked_at.add(page.name)
        answer = client.get(page.url, follow=True)
        if answer["Content-Type"].startswith("text/html"):
            yield page.url
