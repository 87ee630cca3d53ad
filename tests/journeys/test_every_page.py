"""An ordinary newcomer's hour: each page is reached, leads on, is accessible and narrow enough."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tests.journeys.crawl import walk
from tests.journeys.visitor import visiting
from tests.journeys.walkers import walkers
from tests.region.cells import addresses, answers

# Addresses that no link of the region leads to, and why.
NOT_BY_LINK = {
    "brand": "a style sheet",
    "health_live": "for monitors",
    "health_ready": "for monitors",
    "contracts:publication": "for other systems, which know the name of a quarter from the list",
    # Pages that answer a form which has been sent; the journey sends them.
    "joined": "after joining",
    "providers:registered": "after registering",
    "qualification:change_extend": "the market of the demo may not last longer, and says so",
    "qualification:decide_together": "after ticking several applications",
    "qualification:ground_details": "after ticking an exclusion ground",
    "qualification:reply_to_review": "its form stands on the page of the review",
    "qualification:sent": "after sending an application",
    "referrals:bid_check": "after saving a bid to go on",
    "referrals:choice": "after the parent has entered the code",
    "referrals:choice_done": "after the parent has chosen",
    "referrals:grading_paper": "after declaring that there is no conflict of interest",
}

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.fixture(scope="module")
def walks(owner):
    """Each walker with what they found."""
    found = []
    for walker in walkers(owner):
        # Who is not signed in finds the links of emails in the demo's mailbox.
        with override_settings(DEMO=walker.kind == "public"):
            found.append((walker, walk(walker.client, walker.start)))
    return found


def test_nothing_is_dead(walks):
    dead = {walker.name: found.dead for walker, found in walks if found.dead}

    assert dead == {}


def test_every_page_has_one_heading_and_a_next_step(walks):
    lacking = {
        walker.name: (found.without_one_heading, found.without_next_step)
        for walker, found in walks
        if found.without_one_heading or found.without_next_step
    }

    assert lacking == {}


def test_every_page_is_reached_by_somebody(walks):
    reached = set().union(*(found.names for _walker, found in walks))
    readable = {address.name for address in addresses() if "GET" in answers(address)}

    assert readable - reached == set(NOT_BY_LINK)


@pytest.mark.parametrize("kind", ["public", "authority", "central", "provider"])
def test_pages_look_right(kind, walks, browser, site):
    """One page of each name for each kind of people; the journey looks at the others."""
    looked_at, complaints = set(), []
    for walker, found in walks:
        if walker.kind != kind:
            continue
        with visiting(browser, site) as visitor:
            if kind != "public":
                visitor.comes_as(walker.client)
            for page in found.pages:
                if page.is_html and page.status == 200 and page.ended_at not in looked_at:
                    looked_at.add(page.ended_at)
                    complaints += visitor.goes_to(page.url).complaints()
            complaints += visitor.faults
            visitor.faults.clear()

    assert complaints == []
    assert len(looked_at) > 4, looked_at
