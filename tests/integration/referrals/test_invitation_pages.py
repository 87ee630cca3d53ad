"""Invitations as a provider reads, lists and declines them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dps.tenancy.identity import acting_as
from referrals.models import Invitation
from referrals.services import withdrawing
from tests.factories.kernel import NOON
from tests.factories.referrals import (
    invitation_of,
    make_council,
    make_open,
    make_school,
    submit,
)
from tests.integration.referrals.pages import Browser, plain

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


def test_the_referral_is_read_without_who_the_child_is_or_how_far(mine, invitation, browser):
    listed = plain(browser.get(reverse("referrals:invitations")))
    page = plain(browser.get(at("invitation", invitation)))

    assert "0 to 10 miles" in listed
    assert "To answer" in listed
    assert "A nine-year-old who learns best by doing." in page
    assert "0 to 10 miles" in page
    assert "Essential: without it a bid is left out" in page
    assert "Price 50%" in page
    for hidden in ("Quince", "Robin", "RH12", "5.00 miles", "07700"):
        assert hidden not in page


def test_an_invitation_is_declined_and_taken_back(invitation, browser):
    missing = browser.post(at("decline", invitation), {"note": "Full."})
    done = browser.post(at("decline", invitation), {"reason": "capacity", "note": "Full."})
    declined = plain(browser.get(at("invitation", invitation)))
    back = browser.post(at("take_back", invitation))

    assert missing.status_code == 400
    assert "Select why you decline" in plain(missing)
    assert (done.status_code, back.status_code) == (302, 302)
    assert "We have no place. Full." in declined
    assert "Start your bid" in plain(browser.get(at("invitation", invitation)))


def test_the_council_reads_who_declined_and_why(council, referral, invitation, browser):
    browser.post(at("decline", invitation), {"reason": "capacity", "note": "Full till May."})

    page = plain(Browser(council.commissioner).get(reverse("referrals:reach", args=[referral.pk])))

    assert "Declined. We have no place: Full till May." in page


def test_a_withdrawn_referral_says_why(council, referral, invitation, browser):
    with acting_as(council.commissioner, at=SOON):
        withdrawing.withdraw_referral(
            referral_id=referral.pk,
            reason="The family has moved.",
            actor=council.commissioner,
            now=SOON,
        )

    page = plain(browser.get(at("invitation", invitation)))

    assert "The family has moved." in page
    assert "Start your bid" not in page


@pytest.mark.parametrize(
    ("show", "found"),
    [
        ("to_answer", {"open"}),
        ("answered", {"declined", "sent"}),
        ("over", {"old"}),
    ],
)
def test_the_list_is_filtered_by_what_is_left_to_do(region, council, mine, show, found):
    named = {
        name: make_open(region, council.commissioner)
        for name in ("open", "declined", "sent", "old")
    }
    browser = Browser(mine.head, now=SOON)
    browser.post(at("decline", invitation_of(mine, named["declined"])), {"reason": "age"})
    browser.get(at("invitation", invitation_of(mine, named["declined"])))
    submit(mine, named["sent"])
    with acting_as(council.commissioner):
        Invitation.objects.filter(referral=named["old"]).update(bids_close_at=NOON)

    page = plain(browser.get(reverse("referrals:invitations"), show=show))

    assert {name for name, one in named.items() if one.reference in page} == found


def test_a_filter_that_cannot_be_read_is_said(browser):
    assert browser.get(reverse("referrals:invitations"), show="x").status_code == 400
