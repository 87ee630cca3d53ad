"""What the provider's pages ask of the database, and who may bid."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.actors import Role
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import (
    invitation_of,
    make_council,
    make_open,
    make_school,
    submit,
)
from tests.integration.partitions import assert_one_partition_each, explained
from tests.integration.referrals.pages import Browser, own_queries

SOON = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def council(region):
    return make_council(region.west)


@pytest.fixture
def mine(region):
    return make_school(region, "Mine")


@pytest.fixture
def referral(region, council, mine):
    return make_open(region, council.commissioner)


@pytest.fixture
def invitation(mine, referral):
    return invitation_of(mine, referral)


@pytest.fixture
def browser(mine):
    return Browser(mine.head, now=SOON)


def at(name, invitation, *more):
    return reverse(f"referrals:{name}", args=[invitation.pk, *more])


BID = {
    "rows": "2",
    "needs_met": ["need-1", "need-2"],
    "features_met": ["feature-1"],
    "statement": "We count one thing a day.",
    "family_words": "Come and see us.",
    "has_vacancy": "yes",
    "earliest_start_day": "4",
    "earliest_start_month": "1",
    "earliest_start_year": "2027",
    "core_staffing": "29,000",
    "core_premises": "10000",
    "variable_0_title": "Taxi",
    "variable_0_amount": "200",
    "variable_0_basis": "week",
    "variable_1_title": "",
    "variable_1_amount": "",
    "variable_1_basis": "year",
    "discount": "",
}


PAGES = ["invitations", "invitation", "bid", "bid_check", "receipt", "start"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("number", [1, 30])
def test_a_page_asks_little_and_of_one_partition(region, council, mine, name, number):
    for _ in range(number):
        referral = make_open(region, council.commissioner)
    invitation = invitation_of(mine, referral)
    browser = Browser(mine.head, now=SOON)
    submit(mine, referral)
    browser.post(at("bid", invitation), {**BID, "continue": "1"})
    paths = {
        "start": reverse("start"),
        "invitations": reverse("referrals:invitations"),
        "receipt": at("receipt", invitation, 1),
    }
    path = paths.get(name) or at(name, invitation)
    browser.get(path)

    with CaptureQueriesContext(connection) as asked, explained() as seen:
        response = browser.get(path)

    assert response.status_code == 200
    assert len(own_queries(asked)) <= 12, own_queries(asked)
    assert_one_partition_each(seen)


def test_a_bid_writer_may_bid(mine, invitation):
    writer = make_person(Role.BID_WRITER, provider_id=mine.provider.pk)

    saved = Browser(writer, now=SOON).post(at("bid", invitation), {**BID, "continue": "1"})

    assert saved.status_code == 302
