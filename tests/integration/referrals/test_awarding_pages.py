"""The pages of the award, and each bidder's own result."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.tenancy.identity import acting_as
from referrals import jobs
from referrals.models import Award, Bid
from referrals.services.awarding import approve_award, recommend_award
from tests.factories.evaluation import GRADED, ranked_case
from tests.integration.partitions import assert_one_partition_each, explained
from tests.integration.referrals.fresh import fresh
from tests.integration.referrals.pages import Browser, own_queries, plain

LATER = GRADED + timedelta(days=1)


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def case(region):
    return ranked_case(region, Alder=1000_00, Birch=3000_00)


def url(name, case):
    return reverse(f"referrals:{name}", args=[case.referral_id])


def bid_id(case, rank=1):
    with acting_as(case.commissioner):
        return Bid.objects.get(rank=rank).id


def recommended(case):
    case.act(
        case.commissioner,
        recommend_award,
        referral_id=case.referral_id,
        bid_id=bid_id(case),
        reason="First",
        at=GRADED,
    )
    return case


def awarded(case):
    recommended(case)
    case.act(case.second_approver, approve_award, referral_id=case.referral_id, at=LATER)
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)
    return case


def state(case):
    return case.referral.state


def test_the_commissioner_recommends_the_first_ranked(case):
    browser = Browser(case.commissioner, now=GRADED)
    shown = plain(browser.get(url("recommend_award", case)))
    assert "Alder" in shown and "It is ranked first" in shown

    data = {"bid": bid_id(case), "reason": "It is first"}
    answer = browser.post(url("recommend_award", case), data)

    assert (answer.status_code, answer["Location"]) == (302, url("detail", case))
    assert state(case) == "recommended"
    assert browser.get(url("recommend_award", case)).status_code == 409


def test_bad_input_is_refused_and_what_was_typed_kept(case):
    browser = Browser(case.commissioner, now=GRADED)
    page = url("recommend_award", case)

    assert browser.post(page, {"bid": bid_id(case), "reason": ""}).status_code == 400
    for bad in ("", "none", "1"):
        answer = browser.post(page, {"bid": bad, "reason": "Kept words"})
        assert answer.status_code == 400
        assert "Kept words" in answer.content.decode()
    other = browser.post(page, {"bid": bid_id(case, 2), "reason": "Kept words"})
    assert other.status_code == 409
    assert "Only Alder can be awarded" in plain(other)
    assert "Kept words" in other.content.decode()
    assert state(case) == "ranked"


def test_the_ranking_says_what_happens_next(case):
    shown = plain(Browser(case.commissioner, now=GRADED).get(url("evaluation", case)))

    assert "The commissioner offers the parent a choice, or recommends an award" in shown


def test_a_near_tie_leads_to_the_choice_first(region):
    near = ranked_case(region)
    browser = Browser(near.commissioner, now=GRADED)

    assert "Offer the choice" in plain(browser.get(url("detail", near)))
    answer = browser.get(url("recommend_award", near))

    assert answer.status_code == 409
    assert "Offer the parent the choice" in plain(answer)


def test_a_second_person_approves(case):
    recommended(case)
    browser = fresh(case.second_approver, now=LATER)
    assert "First" in plain(browser.get(url("decide_award", case)))

    answer = browser.post(url("decide_award", case), {"decision": "approve"})

    assert (answer.status_code, answer["Location"]) == (302, url("detail", case))
    assert state(case) == "awarded"
    assert "Approved by Abel Other" in plain(browser.get(url("detail", case)))
    assert browser.post(url("decide_award", case), {"decision": "approve"}).status_code == 409
    assert browser.get(url("decide_award", case)).status_code == 409


def test_an_award_is_returned_with_a_reason(case):
    recommended(case)
    browser = fresh(case.second_approver, now=LATER)
    page = url("decide_award", case)
    for data in ({}, {"decision": "return"}, {"decision": "maybe"}):
        assert browser.post(page, data).status_code == 400
    assert state(case) == "recommended"

    browser.post(page, {"decision": "return", "reason": "Say more on transport"})

    assert state(case) == "ranked"
    commissioner = Browser(case.commissioner, now=LATER)
    assert "Say more on transport" in plain(commissioner.get(url("detail", case)))


def test_who_opened_is_told_that_somebody_else_approves(case):
    recommended(case)
    opener = fresh(case.approver, now=LATER)

    assert "You opened these bids" in plain(opener.get(url("decide_award", case)))
    answer = opener.post(url("decide_award", case), {"decision": "approve"})

    assert answer.status_code == 409
    assert state(case) == "recommended"


@pytest.mark.off_switch("password-again")
def test_the_decision_asks_for_the_password_again(case):
    recommended(case)
    stale = Browser(case.second_approver, now=LATER)

    answer = stale.post(url("decide_award", case), {"decision": "approve"})

    assert "reauthenticate" in answer.headers.get("Location", "")
    with acting_as(case.commissioner):
        assert Award.objects.get().state == "recommended"


def result_page(case, name):
    return reverse("referrals:result", args=[case.invitations[name].id])


def test_each_bidder_reads_its_own_result(case):
    awarded(case)

    loser = plain(Browser(case.bidders["Birch"], now=LATER).get(result_page(case, "Birch")))
    winner = plain(Browser(case.bidders["Alder"], now=LATER).get(result_page(case, "Alder")))

    assert "Your bid was not successful" in loser
    assert "Price 50.00 16.67 50.00" in loser
    assert "for a lower annual price" in loser
    assert "0 to 10 miles" in loser
    assert "Your bid was successful" in winner
    assert "Birch" not in winner


def test_no_bidder_reads_the_result_of_another_nor_before_the_award(case):
    early = Browser(case.bidders["Birch"], now=LATER)
    assert early.get(result_page(case, "Birch")).status_code == 409
    awarded(case)

    assert early.get(result_page(case, "Alder")).status_code == 404
    assert Browser(case.commissioner, now=LATER).get(result_page(case, "Birch")).status_code == 403


def test_the_pdf_is_offered_once_it_is_made(case):
    awarded(case)
    browser = Browser(case.bidders["Birch"], now=LATER)
    assert "PDF is being made" in plain(browser.get(result_page(case, "Birch")))

    case.run_jobs(jobs.PRINT_AWARD_LETTER, at=LATER)

    shown = browser.get(result_page(case, "Birch"))
    assert "Download this letter (PDF)" in plain(shown)


def test_pages_keep_to_their_budget_and_one_partition(case):
    pages = [(Browser(case.commissioner, now=GRADED), url("recommend_award", case))]
    counts = [_count(*page) for page in pages]
    awarded(case)
    counts += [
        _count(Browser(case.commissioner, now=LATER), url("detail", case)),
        _count(Browser(case.bidders["Birch"], now=LATER), result_page(case, "Birch")),
    ]

    assert [count for count in counts if count > 12] == []


def _count(browser, path):
    browser.get(path)
    with CaptureQueriesContext(connection) as asked, explained() as plans:
        assert browser.get(path).status_code == 200
    assert_one_partition_each(plans)
    return len(own_queries(asked))


BELOW = "The price is less than half of the middle price of all bids."


def test_a_low_price_is_marked_for_who_recommends_and_who_approves(region):
    case = ranked_case(region, Alder=1000_00, Birch=3000_00, Cedar=3000_00)
    browser, page = Browser(case.commissioner, now=GRADED), url("recommend_award", case)
    assert BELOW in plain(browser.get(page))
    typed = {"bid": bid_id(case), "reason": "First"}

    refused = browser.post(page, typed)
    assert (refused.status_code, state(case)) == (400, "ranked")
    assert "Say how the provider explains the low price" in plain(refused)
    answer = browser.post(page, {**typed, "low_price": "They own the house"})

    assert (answer.status_code, state(case)) == (302, "recommended")
    shown = plain(fresh(case.second_approver, now=LATER).get(url("decide_award", case)))
    assert BELOW in shown
    assert "On the low price: They own the house" in shown


def test_nothing_is_said_of_an_ordinary_price(case):
    shown = plain(Browser(case.commissioner, now=GRADED).get(url("recommend_award", case)))

    assert "low price" not in shown
    recommended(case)
    shown = plain(fresh(case.second_approver, now=LATER).get(url("decide_award", case)))
    assert "low price" not in shown
