"""The pages of opening, grading, agreeing and the result."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.actors import Role
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from referrals.models import ConsensusGrade, GradeSheet, OpeningApproval, OutcomeGrade
from referrals.services.agreeing import record_consensus
from referrals.services.grading import declare_no_conflict
from tests.factories.evaluation import (
    DEADLINE,
    GRADED,
    OPENING,
    OUTCOMES,
    agreed,
    content,
    grade_case,
    make_case,
    open_case,
    papers,
    rank_case,
    ranked_case,
    seal_bid,
    suspend,
)
from tests.factories.kernel import make_person
from tests.integration.partitions import assert_one_partition_each, explained
from tests.integration.referrals.fresh import fresh
from tests.integration.referrals.pages import Browser, own_queries, plain


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


# Grading


@pytest.fixture
def opened(case):
    return open_case(case)


def browser_of(case, number=0, *, now=GRADED):
    return Browser(case.evaluators[number], now=now)


def graded(grade="4"):
    return {f"grade-{key}": grade for key in OUTCOMES}


def test_an_evaluator_declares_grades_and_hands_in(opened):
    browser = browser_of(opened)
    assert "Not started" in plain(browser.get(reverse("referrals:grading_list")))
    browser.post(url("grading", opened), {"no_conflict": "on"})
    for paper in papers(opened):
        page = url("grading_paper", opened, paper.id)
        assert "We work on each outcome every day" in plain(browser.get(page))
        assert browser.post(page, graded()).status_code == 302

    assert "You have graded 2 of 2" in plain(browser.get(url("grading", opened)))
    answer = browser.post(url("hand_in", opened))

    assert (answer.status_code, answer["Location"]) == (302, url("grading", opened))
    assert "At least one more evaluator" in plain(browser.get(url("grading", opened)))


def test_no_page_of_an_evaluator_shows_price_name_or_another_referral(opened, region):
    browser = browser_of(opened)
    browser.post(url("grading", opened), {"no_conflict": "on"})
    pages = [
        reverse("referrals:grading_list"),
        url("grading", opened),
        *(url("grading_paper", opened, paper.id) for paper in papers(opened)),
    ]
    shown = " ".join(browser.get(page).content.decode() for page in pages)
    rank_case(grade_case_after_begun(opened))
    shown += browser.get(url("agree", opened)).content.decode()

    for secret in ("Alder", "Birch", "1,000", "39,000", "1000", "Worthing", "Robin", "90.17"):
        assert secret not in shown, secret
    assert browser.get(url("evaluation", opened)).status_code == 403
    assert browser.get(url("detail", opened)).status_code == 403


def grade_case_after_begun(case):
    """As `grade_case`, where the first evaluator has begun already."""
    first, second = case.evaluators
    case.evaluators = [second]
    case.act(second, declare_no_conflict, referral_id=case.referral_id, at=GRADED)
    case.evaluators = [first, second]
    for number, actor in enumerate(case.evaluators):
        browser = Browser(actor, now=GRADED)
        for paper in papers(case):
            browser.post(url("grading_paper", case, paper.id), graded())
        assert browser.post(url("hand_in", case)).status_code == 302, number
    return case


def test_the_declaration_is_needed(opened):
    browser = browser_of(opened)

    answer = browser.post(url("grading", opened))

    assert answer.status_code == 400
    assert "Error: " in answer.content.decode()
    with acting_as(opened.commissioner):
        assert GradeSheet.objects.count() == 0
    paper = papers(opened)[0]
    refused = browser.post(url("grading_paper", opened, paper.id), graded())
    assert refused.status_code == 409
    assert "no conflict of interest" in plain(refused)


@pytest.mark.parametrize("bad", ["6", "-1", "four", "٣", "3.5"])
def test_a_grade_that_is_none_is_refused_and_the_rest_is_kept(opened, bad):
    browser = browser_of(opened)
    browser.post(url("grading", opened), {"no_conflict": "on"})
    page = url("grading_paper", opened, papers(opened)[0].id)

    answer = browser.post(page, {**graded(), "grade-communicates": bad, "note-independent": "Hm"})

    assert answer.status_code == 400
    assert "Hm" in answer.content.decode()
    with acting_as(opened.evaluators[0]):
        assert OutcomeGrade.objects.count() == 0


def test_grades_may_be_left_for_later(opened):
    browser = browser_of(opened)
    browser.post(url("grading", opened), {"no_conflict": "on"})
    page = url("grading_paper", opened, papers(opened)[0].id)

    browser.post(page, {"grade-communicates": "2", "note-communicates": "Thin"})

    assert "Part done" in plain(browser.get(url("grading", opened)))
    assert "Thin" in browser.get(page).content.decode()
    early = browser.post(url("hand_in", opened))
    assert early.status_code == 400


def test_an_evaluator_steps_back(opened):
    browser = browser_of(opened)
    browser.post(url("grading", opened), {"no_conflict": "on"})

    answer = browser.post(url("step_back", opened))

    assert answer["Location"] == reverse("referrals:grading_list")
    with acting_as(opened.commissioner):
        assert GradeSheet.objects.count() == 0


def test_strange_papers_are_not_found(opened, region):
    other = open_case(make_case(region))
    browser = browser_of(opened)

    assert browser.get(url("grading_paper", opened, other.referral_id)).status_code == 404
    assert browser.get(url("grading_paper", other, papers(opened)[0].id)).status_code == 404


# Agreeing


@pytest.fixture
def all_in(opened):
    return grade_case(opened)


def record_data(case, grade="4", note="All agreed"):
    data = {}
    for paper in papers(case):
        data |= {f"grade-{paper.bid_id}-{key}": grade for key in OUTCOMES}
        data[f"note-{paper.bid_id}"] = note
    return data


def test_one_records_the_other_confirms_and_the_bids_are_ranked(all_in):
    first, second = browser_of(all_in, 0), browser_of(all_in, 1)
    assert "Eve First" in plain(first.get(url("agree", all_in)))

    assert first.post(url("agree", all_in), record_data(all_in)).status_code == 302
    assert "Waiting for Eli Second" in plain(first.get(url("agree", all_in)))
    shown = second.get(url("agree", all_in)).content.decode()
    seen = shown.split('name="recorded_at" value="')[1].split('"')[0]
    answer = second.post(url("confirm_grades", all_in), {"recorded_at": seen})

    assert (answer.status_code, answer["Location"]) == (302, reverse("referrals:grading_list"))
    assert all_in.referral.state == "ranked"


def test_a_confirmation_of_another_version_is_refused(all_in):
    all_in.act(
        all_in.evaluators[0],
        record_consensus,
        referral_id=all_in.referral_id,
        agreed=agreed(all_in),
        at=GRADED,
    )
    second = browser_of(all_in, 1)

    stale = (GRADED - timedelta(minutes=1)).isoformat()
    assert second.post(url("confirm_grades", all_in), {"recorded_at": stale}).status_code == 409
    for bad in ("", "yesterday", "2026-11-04"):
        answer = second.post(url("confirm_grades", all_in), {"recorded_at": bad})
        assert answer.status_code == 400
    assert all_in.referral.state == "grading"


def test_what_is_missing_in_the_record_is_said_at_its_field(all_in):
    browser = browser_of(all_in)
    data = record_data(all_in)
    paper = papers(all_in)[0]
    del data[f"grade-{paper.bid_id}-communicates"]
    data[f"note-{paper.bid_id}"] = ""

    answer = browser.post(url("agree", all_in), data)

    assert answer.status_code == 400
    shown = plain(answer)
    assert f"Choose the agreed grade of {paper.label}" in shown
    assert f"Say why you agreed the grades of {paper.label}" in shown
    with acting_as(all_in.commissioner):
        assert ConsensusGrade.objects.count() == 0


def test_only_graders_look_at_the_grades_and_only_when_all_are_in(opened, region):
    outsider = Browser(make_person(Role.EVALUATOR, authority=region.west), now=GRADED)
    browser = browser_of(opened)
    assert browser.get(url("agree", opened)).status_code == 403
    browser.post(url("grading", opened), {"no_conflict": "on"})

    assert browser.get(url("agree", opened)).status_code == 409
    assert outsider.get(url("agree", opened)).status_code == 403


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


def test_a_refused_attempt_is_on_record(all_in):
    Browser(all_in.commissioner, now=GRADED).post(url("rank_again", all_in))

    with acting_as(all_in.commissioner):
        event = AuditEvent.objects.filter(action="attempt.refused").last()
    assert "again" in event.body


@pytest.mark.parametrize("number", [1, 3])
def test_pages_keep_to_their_budget_and_one_partition(region, number):
    case = make_case(region)
    for index in range(number):
        seal_bid(case, f"School {index}", content(weekly=(1000 + index) * 100))
    open_case(case)
    evaluator, commissioner = browser_of(case), Browser(case.commissioner, now=GRADED)
    grade_case(case)
    seen = {
        "grading_list": (evaluator, reverse("referrals:grading_list")),
        "grading": (evaluator, url("grading", case)),
        "agree": (evaluator, url("agree", case)),
    }
    counts = _measure(seen)
    rank_case(case)
    counts |= _measure({"evaluation": (commissioner, url("evaluation", case))})

    assert counts == {"grading_list": 1, "grading": 5, "agree": 7, "evaluation": 6}


def _measure(pages):
    counts = {}
    for name, (browser, path) in pages.items():
        browser.get(path)
        with CaptureQueriesContext(connection) as asked, explained() as plans:
            assert browser.get(path).status_code == 200
        assert_one_partition_each(plans)
        counts[name] = len(own_queries(asked))
    return counts
