"""The pages of opening, grading, agreeing and the result."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dps.actors import Role
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from referrals.models import OpeningApproval
from referrals.services.grading import declare_no_conflict
from tests.factories.evaluation import (
    DEADLINE,
    GRADED,
    OPENING,
    content,
    grade_case,
    make_case,
    open_case,
    rank_case,
    ranked_case,
    seal_bid,
    suspend,
)
from tests.factories.kernel import make_person
from tests.integration.referrals.fresh import fresh
from tests.integration.referrals.pages import Browser, plain


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def case(region):
    case = make_case(region)
    seal_bid(case, "Alder", content(weekly=1000_00))
    seal_bid(case, "Birch", content(weekly=1010_00))
    return case


def url(name, case, *more):
    return reverse(f"referrals:{name}", args=[case.referral_id, *more])


# Opening


def test_two_people_open_on_their_own_pages(case):
    first, second = fresh(case.commissioner, now=OPENING), fresh(case.approver, now=OPENING)
    assert "You are the first person" in plain(first.get(url("opening", case)))

    answer = first.post(url("opening", case))
    assert (answer.status_code, answer["Location"]) == (302, url("opening", case))
    assert "Ask a second person" in plain(first.get(url("opening", case)))
    shown = plain(second.get(url("opening", case)))
    assert "Carol Raiser approved" in shown
    assert "You are the second person" in shown

    answer = second.post(url("opening", case))
    assert (answer.status_code, answer["Location"]) == (302, url("detail", case))
    assert "2 establishments bid" in plain(second.get(url("detail", case)))


LAST = "nobody is left in your council who may approve the award"


def test_the_last_who_could_approve_is_warned_before_opening(case):
    first, second = fresh(case.approver, now=OPENING), fresh(case.second_approver, now=OPENING)
    assert LAST not in plain(first.get(url("opening", case)))
    first.post(url("opening", case))

    assert LAST in plain(second.get(url("opening", case)))
    assert LAST not in plain(fresh(case.commissioner, now=OPENING).get(url("opening", case)))
    assert LAST not in plain(first.get(url("opening", case)))


@pytest.mark.off_switch("password-again")
def test_opening_asks_for_the_password_again(case):
    browser = Browser(case.commissioner, now=OPENING)

    for answer in (browser.get(url("opening", case)), browser.post(url("opening", case))):
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
    with acting_as(case.commissioner):
        assert OpeningApproval.objects.count() == 0


def test_before_the_deadline_the_page_says_when(case):
    browser = fresh(case.commissioner, now=DEADLINE - timedelta(hours=1))

    assert "Bids can be opened from 2 November 2026 at 12:01pm" in plain(
        browser.get(url("opening", case))
    )
    assert browser.post(url("opening", case)).status_code == 409


def test_the_same_person_twice_is_refused_plainly(case):
    browser = fresh(case.commissioner, now=OPENING)
    browser.post(url("opening", case))

    answer = browser.post(url("opening", case))

    assert answer.status_code == 409
    assert "A second person has to approve" in plain(answer)


def test_who_may_not_open_is_told_so(case, region):
    evaluator = fresh(case.evaluators[0], now=OPENING)
    stranger = fresh(make_person(Role.COMMISSIONER, authority=region.east), now=OPENING)

    assert evaluator.post(url("opening", case)).status_code == 403
    assert stranger.get(url("opening", case)).status_code == 404
    assert stranger.post(url("opening", case)).status_code == 404


def test_no_bid_is_said_and_what_can_be_done(region):
    empty = open_case(make_case(region))

    shown = plain(fresh(empty.commissioner).get(url("detail", empty)))

    assert "No establishment has bid" in shown
    assert "withdraw this referral" in shown


def test_before_the_opening_the_referral_tells_no_number_of_bids(case):
    shown = plain(fresh(case.commissioner, now=OPENING).get(url("detail", case)))

    assert "Open the bids" in shown
    assert "Alder" not in shown and "2 establishments bid" not in shown


@pytest.fixture
def opened(case):
    return open_case(case)


@pytest.fixture
def all_in(opened):
    return grade_case(opened)


# An evaluator who does not hand in


def test_the_commissioner_goes_on_without_an_evaluator(opened):
    sheet = opened.act(
        opened.evaluators[0], declare_no_conflict, referral_id=opened.referral_id, at=GRADED
    )
    browser = Browser(opened.commissioner, now=GRADED)
    assert "Go on without Eve First" in plain(browser.get(url("detail", opened)))

    for bad in ("", "none"):
        assert browser.post(url("release_grader", opened), {"sheet": bad}).status_code == 400
    answer = browser.post(url("release_grader", opened), {"sheet": str(sheet.id)})

    assert answer["Location"] == url("detail", opened)
    assert "Eve First" not in plain(browser.get(url("detail", opened)))


# The result


def test_nothing_is_shown_of_prices_before_the_ranking(all_in):
    browser = Browser(all_in.commissioner, now=GRADED)

    answer = browser.get(url("evaluation", all_in))

    assert answer.status_code == 409
    assert "not ranked yet" in plain(answer)
    assert "39,000" not in browser.get(url("detail", all_in)).content.decode()


def test_the_result_shows_every_score_the_near_tie_and_who_was_set_aside(region):
    case = make_case(region)
    seal_bid(case, "Alder", content(weekly=1000_00))
    seal_bid(case, "Birch", content(weekly=1010_00))
    seal_bid(case, "Cedar", content(features=()))
    seal_bid(case, "Dogwood")
    grade_case(open_case(case))
    suspend(case, "Dogwood", at=GRADED - timedelta(hours=1))
    rank_case(case)

    shown = plain(Browser(case.commissioner, now=GRADED).get(url("evaluation", case)))

    assert "1 Alder 90.17 50.00 12.00 6.00 2.67 5.00 14.50 £39,000.00" in shown
    assert "2 Birch 89.67 49.50" in shown
    assert "The first two bids are nearly equal: Alder and Birch lie within 0.50 points" in shown
    assert "Cedar It lacks what was published as essential: Step-free" in shown
    assert "Dogwood The establishment was suspended after the bids were opened" in shown


def test_a_suspended_bidder_leads_to_ranking_again(region):
    case = ranked_case(region)
    suspend(case, "Alder", at=GRADED + timedelta(hours=1))
    browser = Browser(case.commissioner, now=GRADED + timedelta(hours=2))
    assert "Rank again" in plain(browser.get(url("evaluation", case)))
    assert "Rank again" in plain(browser.get(url("detail", case)))

    answer = browser.post(url("rank_again", case))

    assert answer["Location"] == url("evaluation", case)
    assert "Rank again" not in plain(browser.get(url("evaluation", case)))
    assert browser.post(url("rank_again", case)).status_code == 409


@pytest.mark.off_switch("refusals-on-record")
def test_a_refused_attempt_is_on_record(all_in):
    Browser(all_in.commissioner, now=GRADED).post(url("rank_again", all_in))

    with acting_as(all_in.commissioner):
        attempts = AuditEvent.objects.filter(action="attempt.refused")
        assert ["again" in event.body for event in attempts] == [True]
