"""The officer's pages of the parent's choice."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.actors import parent
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from referrals.jobs import SEND_CHOICE_LINK
from referrals.models import ChoiceOffer, ParentChoice, ParentCode
from referrals.queries.choice import options_of
from referrals.services.choosing import Said, choose, offer_choice, record_choice_by_officer
from tests.factories.evaluation import GRADED, ranked_case
from tests.integration.partitions import assert_one_partition_each, explained
from tests.integration.referrals.fresh import fresh
from tests.integration.referrals.pages import Browser, own_queries, plain

CLOSES = GRADED + timedelta(days=10)
LATER = GRADED + timedelta(hours=1)
# Two working days after Wednesday 4 November 2026, to the end of the day.
HELD = datetime(2026, 11, 6, 23, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def case(region):
    return ranked_case(region)


@pytest.fixture
def browser(case):
    return Browser(case.commissioner, now=GRADED)


@pytest.fixture
def offered(case):
    return case.act(
        case.commissioner, offer_choice, referral_id=case.referral_id, closes_at=CLOSES, at=GRADED
    )


def url(name, case):
    return reverse(f"referrals:{name}", args=[case.referral_id])


def day(text):
    names = ("closes_on_day", "closes_on_month", "closes_on_year")
    return dict(zip(names, text.split("/"), strict=True))


def test_the_offer_proposes_ten_working_days(case, browser):
    shown = browser.get(url("offer_choice", case))

    # Ten working days after Wednesday 4 November 2026.
    boxes = re.findall(r'<input[^>]*name="closes_on_[^>]*>', shown.content.decode())
    assert [re.search(r'value="(\d+)"', box)[1] for box in boxes] == ["18", "11", "2026"]
    assert "Alder and Birch lie within 0.50 points" in plain(shown)


def test_the_officer_offers_the_choice_until_the_end_of_a_day(case, browser):
    answer = browser.post(url("offer_choice", case), day("18/11/2026"))

    assert (answer.status_code, answer["Location"]) == (302, url("choice_progress", case))
    with acting_as(case.commissioner):
        assert ChoiceOffer.objects.get().closes_at.isoformat() == "2026-11-18T23:59:00+00:00"
    assert "can choose until 18 November 2026 at 11:59pm" in plain(
        browser.get(url("choice_progress", case))
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("//", "Enter the closing date"),
        ("31/2/2027", "must be a real date"),
        ("4/11/2026", "The closing date must be tomorrow or later"),
        ("1/1/1999", "The closing date must be tomorrow or later"),
        ("x/y/z", "must"),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_field(case, browser, typed, words):
    answer = browser.post(url("offer_choice", case), day(typed))

    assert answer.status_code == 400
    assert words in plain(answer)
    assert case.referral.state == "ranked"


def test_not_offering_needs_a_reason(case, browser):
    assert browser.post(url("not_offer_choice", case), {"reason": " "}).status_code == 400

    answer = browser.post(url("not_offer_choice", case), {"reason": "In care of the council"})

    assert answer["Location"] == url("recommend_award", case)
    assert "In care of the council" in plain(browser.get(url("detail", case)))


def test_who_approves_sees_that_an_officer_s_record_took_the_place_of_the_parent_s_answer(
    case, offered
):
    with acting_as(case.commissioner):
        alder, birch = options_of(offered.id)
    the_parent = parent(authority_id=offered.authority_id, choice_id=offered.id)
    case.act(the_parent, choose, offer_id=offered.id, said=Said("option", alder.id), at=GRADED)
    browser = Browser(case.commissioner, now=LATER)
    browser.post(url("record_choice", case), {"wish": str(birch.id)})
    browser.now = HELD + timedelta(minutes=1)
    browser.post(url("close_choice", case))
    browser.post(url("recommend_award", case), {"bid": str(birch.bid_id), "reason": "Chosen"})

    shown = plain(fresh(case.second_approver, now=browser.now).get(url("decide_award", case)))

    assert "Birch: 4 November 2026 at 1pm, recorded by" in shown
    assert "Alder: 4 November 2026 at midday, by the link" in shown


def answered_by_link(case, offered):
    with acting_as(case.commissioner):
        alder, birch = options_of(offered.id)
    the_parent = parent(authority_id=offered.authority_id, choice_id=offered.id)
    case.act(the_parent, choose, offer_id=offered.id, said=Said("option", alder.id), at=GRADED)
    return alder, birch


@pytest.mark.off_switch("own-answer-held")
def test_an_officer_s_record_that_replaces_the_parent_s_answer_is_held_two_working_days(
    case, offered
):
    _alder, birch = answered_by_link(case, offered)
    browser = Browser(case.commissioner, now=LATER)
    asked = plain(browser.get(url("record_choice", case)))
    assert "By their own link the parent said: Alder" in asked
    assert "told at once by email which answer was recorded" in asked
    browser.post(url("record_choice", case), {"wish": str(birch.id)})

    shown = plain(browser.get(url("choice_progress", case)))
    assert "so the choice can be closed after 6 November 2026 at 11:59pm" in shown
    assert "can close the choice before its date" not in shown
    for at in (LATER, HELD):
        browser.now = at
        refused = browser.post(url("close_choice", case))
        assert refused.status_code == 409
        assert "They can contradict it until 6 November 2026 at 11:59pm" in plain(refused)
    assert case.referral.state == "choosing"

    browser.now = HELD + timedelta(seconds=1)
    assert "can close the choice before its date" in plain(
        browser.get(url("choice_progress", case))
    )
    assert browser.post(url("close_choice", case)).status_code == 302
    assert case.referral.state == "chosen"


def test_the_parent_s_own_answer_after_the_record_ends_the_wait(case, offered):
    alder, birch = answered_by_link(case, offered)
    browser = Browser(case.commissioner, now=LATER)
    browser.post(url("record_choice", case), {"wish": str(birch.id)})
    the_parent = parent(authority_id=offered.authority_id, choice_id=offered.id)
    said = Said("option", alder.id)
    case.act(the_parent, choose, offer_id=offered.id, said=said, at=LATER + timedelta(minutes=1))

    browser.now = LATER + timedelta(minutes=2)
    assert browser.post(url("close_choice", case)).status_code == 302


def test_a_record_of_the_same_answer_replaces_nothing(case, offered):
    alder, _birch = answered_by_link(case, offered)
    browser = Browser(case.commissioner, now=LATER)
    browser.post(url("record_choice", case), {"wish": str(alder.id)})

    assert browser.post(url("close_choice", case)).status_code == 302


def test_nothing_is_held_up_longer_than_the_closing_date(case):
    tomorrow = GRADED + timedelta(days=1)
    offered = case.act(
        case.commissioner, offer_choice, referral_id=case.referral_id, closes_at=tomorrow, at=GRADED
    )
    _alder, birch = answered_by_link(case, offered)
    browser = Browser(case.commissioner, now=LATER)
    browser.post(url("record_choice", case), {"wish": str(birch.id)})
    assert "until 5 November 2026 at midday" in plain(browser.post(url("close_choice", case)))

    browser.now = tomorrow
    assert browser.post(url("close_choice", case)).status_code == 302


def test_who_has_neither_address_nor_number_cannot_be_told(case, offered):
    with acting_as(case.commissioner):
        ChoiceOffer.objects.update(parent_email=b"", parent_phone=b"")

    shown = plain(Browser(case.commissioner, now=LATER).get(url("record_choice", case)))

    assert "we cannot tell them what was recorded" in shown


def test_without_an_offer_there_is_no_progress(case, browser):
    for name in ("choice_progress", "record_choice"):
        assert browser.get(url(name, case)).status_code == 409
    assert browser.post(url("make_choice_code", case)).status_code == 409


def test_a_code_is_shown_once(case, browser, offered):
    answer = browser.post(url("make_choice_code", case))

    code = re.search(r"\b(\d{3}) (\d{3})\b", plain(answer))
    assert answer.status_code == 200 and code
    with acting_as(case.commissioner):
        assert ParentCode.objects.count() == 1
    assert code[0] not in plain(browser.get(url("choice_progress", case)))
    assert browser.get(url("make_choice_code", case)).status_code == 405


def test_a_lost_email_is_sent_again(case, browser, offered):
    assert "Their link is being sent" in plain(browser.get(url("choice_progress", case)))
    case.run_jobs(SEND_CHOICE_LINK)
    shown = plain(browser.get(url("choice_progress", case)))
    assert "We emailed them a link on 4 November 2026 at 12pm" in shown

    answer = browser.post(url("send_choice_link", case))

    assert (answer.status_code, answer["Location"]) == (302, url("choice_progress", case))
    assert "A new link is on its way" in plain(browser.get(url("choice_progress", case)))
    assert browser.get(url("send_choice_link", case)).status_code == 405
    assert (
        Browser(case.commissioner, now=CLOSES).post(url("send_choice_link", case)).status_code
        == 410
    )


def options(case, offered):
    with acting_as(case.commissioner):
        return options_of(offered.id)


def test_an_answer_by_phone_is_recorded_and_its_reading_too(case, browser, offered):
    alder, _birch = options(case, offered)

    answer = browser.post(url("record_choice", case), {"wish": str(alder.id), "reason": "Near Nan"})

    assert answer["Location"] == url("choice_progress", case)
    shown = plain(browser.get(url("choice_progress", case)))
    assert "Alder" in shown and "Near Nan" in shown and "recorded by an officer" in shown
    with acting_as(case.commissioner):
        assert AuditEvent.objects.filter(action="choice.reason_read").count() == 1


@pytest.mark.parametrize("wish", ["", "option", "best", "00000000-0000-0000-0000-000000000000"])
def test_a_wish_that_was_not_offered_is_refused(case, browser, offered, wish):
    answer = browser.post(url("record_choice", case), {"wish": wish, "reason": "Kept words"})

    assert answer.status_code == 400
    assert "Kept words" in answer.content.decode()
    with acting_as(case.commissioner):
        assert ParentChoice.objects.count() == 0


def test_after_the_date_an_answer_is_refused_and_the_words_are_kept(case, offered):
    late = Browser(case.commissioner, now=CLOSES)

    answer = late.post(url("record_choice", case), {"wish": "talk", "reason": "Kept words"})

    assert answer.status_code == 410
    assert "Kept words" in answer.content.decode()
    assert late.get(url("record_choice", case)).status_code == 410
    assert late.get(url("offer_choice", case)).status_code == 409


def test_closing_needs_a_choice_or_the_date(case, browser, offered):
    assert browser.post(url("close_choice", case)).status_code == 409
    alder, _birch = options(case, offered)
    case.act(
        case.commissioner,
        record_choice_by_officer,
        referral_id=case.referral_id,
        said=Said("option", alder.id),
        at=GRADED,
    )

    answer = browser.post(url("close_choice", case))

    assert answer["Location"] == url("recommend_award", case)
    assert "The parent chose it" in plain(browser.get(url("recommend_award", case)))


def test_an_approver_has_no_part_in_the_choice(case, offered):
    approver = Browser(case.approver, now=GRADED)

    for name in ("offer_choice", "not_offer_choice", "choice_progress", "record_choice"):
        assert approver.get(url(name, case)).status_code == 403
    for name in ("make_choice_code", "send_choice_link", "close_choice"):
        assert approver.post(url(name, case)).status_code == 403


def test_the_page_keeps_to_its_budget_and_one_partition(case, browser, offered):
    with CaptureQueriesContext(connection) as asked, explained() as plans:
        browser.get(url("choice_progress", case))

    assert_one_partition_each(plans)
    assert len(own_queries(asked)) <= 12
