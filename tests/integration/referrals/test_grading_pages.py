"""The pages of grading and agreeing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dps.actors import Role
from dps.tenancy.identity import acting_as
from referrals.models import ConsensusGrade, GradeSheet, OutcomeGrade
from referrals.services.agreeing import record_consensus
from referrals.services.grading import declare_no_conflict
from tests.factories.evaluation import (
    GRADED,
    OUTCOMES,
    agreed,
    content,
    grade_case,
    make_case,
    open_case,
    papers,
    rank_case,
    seal_bid,
)
from tests.factories.kernel import make_person
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
        page = url("grading_paper", opened, paper.bid_id)
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
        *(url("grading_paper", opened, paper.bid_id) for paper in papers(opened)),
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
            browser.post(url("grading_paper", case, paper.bid_id), graded())
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
    refused = browser.post(url("grading_paper", opened, paper.bid_id), graded())
    assert refused.status_code == 409
    assert "no conflict of interest" in plain(refused)


@pytest.mark.parametrize("bad", ["6", "-1", "four", "٣", "3.5"])
def test_a_grade_that_is_none_is_refused_and_the_rest_is_kept(opened, bad):
    browser = browser_of(opened)
    browser.post(url("grading", opened), {"no_conflict": "on"})
    page = url("grading_paper", opened, papers(opened)[0].bid_id)

    answer = browser.post(page, {**graded(), "grade-communicates": bad, "note-independent": "Hm"})

    assert answer.status_code == 400
    assert "Hm" in answer.content.decode()
    with acting_as(opened.evaluators[0]):
        assert OutcomeGrade.objects.count() == 0


def test_grades_may_be_left_for_later(opened):
    browser = browser_of(opened)
    browser.post(url("grading", opened), {"no_conflict": "on"})
    page = url("grading_paper", opened, papers(opened)[0].bid_id)

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
    assert browser.get(url("grading_paper", other, papers(opened)[0].bid_id)).status_code == 404


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
    assert browser.get(url("agree", opened)).status_code == 409
    browser.post(url("grading", opened), {"no_conflict": "on"})

    assert browser.get(url("agree", opened)).status_code == 409
    assert "Only those who graded" in plain(outsider.get(url("agree", opened)))
