"""The provider’s bid: its page with the buttons, the check, the receipts."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from referrals.models import BidDraft, SealedBid
from tests.factories.kernel import NOON
from tests.factories.referrals import (
    DEADLINE,
    invitation_of,
    make_council,
    make_open,
    make_school,
    submit,
    suspend,
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


def test_a_bid_is_written_checked_and_submitted_with_a_receipt(mine, invitation, browser):
    saved = browser.post(at("bid", invitation), {**BID, "continue": "1"})
    assert saved.url == at("bid_check", invitation)
    check = browser.get(saved.url)
    text = plain(check)
    # 29,000 + 10,000 + 38 x 200
    assert "£46,600.00" in text
    assert "lowered from £30,000.00" in text
    seen = check.context["seen"]

    sent = browser.post(at("bid_check", invitation), {"seen": seen})

    assert sent.url == at("receipt", invitation, 1)
    receipt = plain(browser.get(sent.url))
    with acting_as(mine.head):
        sealed = SealedBid.objects.get()
        assert not BidDraft.objects.exists()
    assert sealed.digest in receipt
    assert sealed.salt in receipt
    assert "2 November 2026 at 13:00:00.000" in receipt
    told = json.loads(browser.get(at("receipt_file", invitation, 1)).content)
    assert told["digest"] == sealed.digest
    assert told["content"]["lines"][0]["amount_pence"] == 29_000_00
    page = plain(browser.get(at("invitation", invitation)))
    assert "Bid submitted" in page
    assert "Change your bid" in page


def test_a_draft_may_be_half_and_is_found_again(mine, invitation, browser):
    half = {"rows": "2", "statement": "Half a statement", "variable_0_title": "Taxi"}

    saved = browser.post(at("bid", invitation), {**half, "save": "1"})

    page = browser.get(at("bid", invitation)).content.decode()
    assert saved.url == at("invitation", invitation)
    assert "Half a statement" in page
    assert 'value="Taxi"' in page
    assert "A draft is not a bid" in plain(browser.get(at("invitation", invitation)))
    assert plain(browser.get(reverse("referrals:invitations"))).count("Draft saved") == 1


BAD = [
    ({"statement": ""}, "Enter how you will work towards the outcomes"),
    ({"statement": "word " * 751}, "must be 750 words or fewer"),
    ({"has_vacancy": ""}, "Select whether you have a place"),
    ({"earliest_start_year": "27"}, "must have a year of 4 numbers"),
    ({"core_staffing": "30000.01"}, "Core staffing must be £30,000.00 or less: it may be lowered"),
    ({"core_staffing": "-1"}, "must be an amount in pounds"),
    ({"core_staffing": ""}, "Enter the core staffing, a year"),
    ({"variable_0_amount": ""}, "Enter the amount of this cost"),
    ({"variable_0_title": ""}, "Enter what this cost is for"),
    ({"discount": "101"}, "must be 100 or less"),
    ({"needs_met": ["need-9"]}, "Select one of the answers given"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_what_is_wrong_is_said_at_its_field_and_everything_typed_stays(
    mine, invitation, browser, change, words
):
    sent = {**BID, **change, "continue": "1"}

    response = browser.post(at("bid", invitation), sent)

    page = response.content.decode()
    assert response.status_code == 400
    assert "<title>Error: " in page
    assert words in plain(response)
    assert "Come and see us." in page
    assert 'value="Taxi"' in page or not sent["variable_0_title"]
    with acting_as(mine.head):
        assert not BidDraft.objects.exists()


def test_a_raised_core_cost_is_refused_in_a_draft_too(mine, invitation, browser):
    response = browser.post(
        at("bid", invitation), {"rows": "1", "core_staffing": "30001", "save": "1"}
    )

    assert response.status_code == 400
    assert "it may be lowered, never raised" in plain(response)


def test_the_buttons_work_out_the_cost_and_add_a_line_and_lose_nothing(invitation, browser):
    typed = {**BID, "statement": "word " * 800, "variable_1_amount": "12.345"}

    for button, rows in (("cost", 2), ("add", 3)):
        response = browser.post(at("bid", invitation), {**typed, button: "1"})
        page = response.content.decode()
        assert response.status_code == 200
        assert "£46,600.00" in plain(response)
        assert "There is a problem" not in page
        assert 'value="12.345"' in page
        assert page.count("Other cost ") == rows


def test_the_cost_is_told_to_the_page_while_it_is_typed(invitation, browser):
    response = browser.post(at("bid_cost", invitation), {**BID, "discount": "10"})

    assert plain(response) == "Cost for a year £41,940.00 After a discount of 10.00%"


def test_a_draft_is_kept_while_it_is_typed(mine, invitation, browser):
    response = browser.post(at("bid_autosave", invitation), {**BID, "core_premises": "abc"})

    assert response.status_code == 204
    with acting_as(mine.head):
        content = BidDraft.objects.get().content
    assert content["statement"] == "We count one thing a day."
    # What cannot be read stays as it was carried.
    assert [line["amount_pence"] for line in content["lines"]] == [29_000_00, 10_000_00, 200_00]


def test_at_the_deadline_it_is_plainly_refused_and_nothing_typed_is_lost(mine, invitation, browser):
    browser.post(at("bid", invitation), {**BID, "continue": "1"})
    seen = browser.get(at("bid_check", invitation)).context["seen"]
    browser.now = DEADLINE

    late = browser.post(at("bid_check", invitation), {"seen": seen})
    typing = browser.post(at("bid", invitation), {**BID, "continue": "1"})
    saving = browser.post(at("bid_autosave", invitation), BID)

    words = "We received this on 16 November 2026 at 12:00:00, so it cannot be accepted"
    assert (late.status_code, typing.status_code, saving.status_code) == (409, 409, 409)
    assert words in plain(late)
    assert words in plain(typing)
    assert "Come and see us." in typing.content.decode()
    assert browser.get(at("bid", invitation)).url == at("invitation", invitation)
    assert "Closed" in plain(browser.get(at("invitation", invitation)))
    with acting_as(mine.head):
        assert not SealedBid.objects.exists()


def test_a_refused_bid_is_recorded_under_seal(council, referral, invitation, browser):
    browser.now = DEADLINE
    browser.post(at("bid", invitation), {**BID, "continue": "1"})

    with acting_as(council.approver):
        assert not AuditEvent.objects.filter(action__startswith="bid.").exists()


def test_exactly_what_was_looked_at_is_submitted(invitation, browser):
    browser.post(at("bid", invitation), {**BID, "continue": "1"})
    seen = browser.get(at("bid_check", invitation)).context["seen"]
    browser.post(at("bid", invitation), {**BID, "statement": "Changed.", "continue": "1"})

    refused = browser.post(at("bid_check", invitation), {"seen": seen})

    assert refused.status_code == 409
    assert "The draft has been changed since you looked at it" in plain(refused)


def test_a_bid_that_lacks_something_essential_is_warned(invitation, browser):
    browser.post(at("bid", invitation), {**BID, "features_met": [], "continue": "1"})

    assert "so it would be left out. Small classes" in plain(
        browser.get(at("bid_check", invitation))
    )


def test_a_bid_is_withdrawn_with_a_receipt(mine, referral, invitation, browser):
    submit(mine, referral)

    asked = browser.get(at("bid_withdraw", invitation))
    done = browser.post(at("bid_withdraw", invitation))

    assert asked.status_code == 200
    assert done.url == at("receipt", invitation, 2)
    assert "Bid withdrawn" in plain(browser.get(done.url))
    assert "You have sent something newer" in plain(browser.get(at("receipt", invitation, 1)))
    assert browser.post(at("bid_withdraw", invitation)).status_code == 409
    assert json.loads(browser.get(at("receipt_file", invitation, 2)).content)["content"] is None


def test_a_suspended_establishment_is_told(mine, invitation, browser):
    browser.post(at("bid", invitation), {**BID, "continue": "1"})
    seen = browser.get(at("bid_check", invitation)).context["seen"]
    suspend(mine.establishment)

    refused = browser.post(at("bid_check", invitation), {"seen": seen})

    assert refused.status_code == 409
    assert "The establishment is suspended" in plain(refused)


def test_another_provider_is_told_that_there_is_none(region, mine, referral, invitation):
    submit(mine, referral)
    rival = Browser(make_school(region, "Rival").head, now=SOON)

    for name in ("invitation", "bid", "bid_check", "bid_withdraw", "decline"):
        assert rival.get(at(name, invitation)).status_code == 404
        assert rival.post(at(name, invitation), BID).status_code in (404, 405)
    for name in ("bid_cost", "bid_autosave", "take_back"):
        assert rival.post(at(name, invitation), BID).status_code == 404
    for name in ("receipt", "receipt_file"):
        assert rival.get(at(name, invitation, 1)).status_code == 404


def test_a_receipt_that_there_is_not_is_not_found(invitation, browser):
    assert browser.get(at("receipt", invitation, 7)).status_code == 404
    assert browser.get(at("receipt_file", invitation, 7)).status_code == 404
