"""The commissioner's pages: from an empty list to a referral that is out for bids."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.actors import Role, system
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from referrals.models import Feature, Need, Referral
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import (
    DEADLINE,
    make_council,
    make_draft,
    make_open,
    make_school,
)
from tests.integration.partitions import assert_one_partition_each, explained
from tests.integration.referrals.pages import Browser, own_queries, plain


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def council(region):
    return make_council(region.west)


@pytest.fixture
def browser(council):
    return Browser(council.commissioner)


def at(name, referral):
    return reverse(f"referrals:{name}", args=[referral.pk])


def rows(**named):
    filled = len(named["text"])
    data = {"row-TOTAL_FORMS": filled, "row-INITIAL_FORMS": 0}
    for name, values in named.items():
        for number, value in enumerate(values):
            if value:
                data[f"row-{number}-{name}"] = value
    return data


ANSWERS = {
    "task_child": {"age": "9", "profile": "Learns by doing.", "wishes": "A quiet room."},
    "task_family": {
        "child_name": "Robin Quince",
        "postcode": "rh129xa",
        "parent_name": "Sam Quince",
        "parent_email": "sam@example.org",
        "parent_phone": "",
    },
    "task_needs": rows(text=["Speech therapy", ""], marks=["5", ""]),
    "task_features": rows(
        text=["Small classes"], marks=["4"], kind=["must_have"], is_essential=["on"]
    ),
    "task_outcomes": rows(text=["Reads a page"], marks=["3"], component=["learning"]),
    "task_placement": {
        "starts_on_day": "4",
        "starts_on_month": "1",
        "starts_on_year": "2027",
        "weeks_per_year": "38",
        "duration": "",
    },
    "task_weights": {
        "price": "50",
        "outcomes": "15",
        "needs": "5",
        "features": "5",
        "location": "5",
        "core_competency": "20",
        "incentive": "0",
    },
    "task_limit": {"radius_miles": "20"},
    "task_deadline": {
        "day_day": "16",
        "day_month": "11",
        "day_year": "2026",
        "time": "5pm",
    },
}


def test_a_referral_is_raised_task_by_task_and_sent(region, council, browser):
    make_school(region, "Near School")
    make_school(region, "Far School", miles=30)

    started = browser.post(reverse("referrals:new"), {"category": str(region.category.pk)})
    with acting_as(council.commissioner):
        referral = Referral.objects.get()
    assert started.url == at("tasks", referral)
    assert referral.reference == "WSX-2026-000001"
    for name, answers in ANSWERS.items():
        assert "Incomplete" in plain(browser.get(at("tasks", referral))) or name == "task_deadline"
        saved = browser.post(at(name, referral), answers)
        assert (name, saved.status_code, saved.headers.get("Location")) == (
            name,
            302,
            at("tasks", referral),
        )
    tasks = plain(browser.get(at("tasks", referral)))
    assert "You have completed 9 of 9 tasks" in tasks
    reach = plain(browser.get(at("reach", referral)))
    assert "1 establishment invited, 1 left out" in reach
    assert "29.99 miles away, outside the limit of 20 miles" in reach
    check = plain(browser.get(at("check", referral)))
    assert "Monday" not in check
    assert "16 November 2026 at 5pm" in check
    assert "Quince" not in check

    sent = browser.post(at("check", referral))

    assert sent.url == at("detail", referral)
    page = plain(browser.get(sent.url))
    assert f"{referral.reference} has been sent to providers" in page
    assert "Providers can bid until 16 November 2026 at 5pm" in page
    assert "1 establishment invited" in page


BAD = [
    ("task_child", {"age": "26", "profile": "x"}, "Age must be 25 or less"),
    ("task_child", {"age": "", "profile": ""}, "Enter the child’s age in years"),
    ("task_family", {"child_name": "A", "postcode": "RH12"}, "Enter a full UK postcode"),
    ("task_family", {"child_name": "A", "postcode": "ZZ1 1AA"}, "postcode"),
    ("task_needs", rows(text=["No marks"], marks=[""]), "Enter the marks, from 1 to 100"),
    ("task_needs", rows(text=[""], marks=["5"]), "Enter the need in words"),
    ("task_needs", rows(text=["x"], marks=["101"]), "Marks must be 100 or less"),
    (
        "task_features",
        rows(text=["x"], marks=["1"], kind=["desirable"], is_essential=["on"]),
        "Only a must-have can be essential",
    ),
    ("task_placement", {"weeks_per_year": "54"}, "Weeks a year must be 53 or less"),
    ("task_weights", {**ANSWERS["task_weights"], "price": "29"}, "Price must be 30 to 70"),
    ("task_weights", {**ANSWERS["task_weights"], "price": "51"}, "add up to 101, not 100"),
    ("task_limit", {}, "Enter how many miles from home, or select at least one area"),
    ("task_limit", {"radius_miles": "501"}, "Miles from home must be 500 or less"),
    ("task_deadline", {"day_day": "16", "time": "5pm"}, "Date must include a month and a year"),
    ("task_deadline", {**ANSWERS["task_deadline"], "time": "25:00"}, "Enter a time, like 17:00"),
    (
        "task_deadline",
        {"day_day": "28", "day_month": "3", "day_year": "2027", "time": "1:30am"},
        "so 1:30am does not exist that day",
    ),
    (
        "task_deadline",
        {"day_day": "31", "day_month": "10", "day_year": "2027", "time": "1:30am"},
        "so 1:30am happens twice",
    ),
    (
        "task_deadline",
        {"day_day": "1", "day_month": "11", "day_year": "2026", "time": "5pm"},
        "The deadline must be in the future",
    ),
]


@pytest.mark.parametrize(("name", "answers", "words"), BAD)
def test_what_is_wrong_is_said_at_its_field_and_everything_typed_stays(
    region, council, browser, name, answers, words
):
    referral = make_draft(region, council.commissioner)

    response = browser.post(at(name, referral), answers)

    page = response.content.decode()
    assert response.status_code == 400
    assert "<title>Error: " in page
    assert words in plain(response)
    for value in answers.values():
        assert not str(value).strip() or str(value) in page


def test_the_double_hour_is_asked_and_answered(region, council, browser):
    referral = make_draft(region, council.commissioner)
    twice = {"day_day": "31", "day_month": "10", "day_year": "2027", "time": "1:30"}

    asked = browser.post(at("task_deadline", referral), twice)
    answered = browser.post(at("task_deadline", referral), {**twice, "which": "second"})

    assert "Which of the two hours?" in plain(asked)
    assert answered.status_code == 302
    with acting_as(council.commissioner):
        closes_at = Referral.objects.get(pk=referral.pk).bids_close_at
    assert closes_at.isoformat() == "2027-10-31T01:30:00+00:00"
    assert "GMT" in plain(browser.get(at("check", referral)))


def test_another_row_is_added_without_losing_what_was_typed(region, council, browser):
    referral = make_draft(region, council.commissioner)
    typed = rows(text=["One", "Two"], marks=["5", "not a number"])

    response = browser.post(at("task_needs", referral), {**typed, "add": "1"})

    page = response.content.decode()
    assert response.status_code == 200
    assert [f"row-{number}-text" in page for number in range(4)] == [True, True, True, False]
    assert "not a number" in page
    assert "There is a problem" not in page
    with acting_as(council.commissioner):
        assert Need.objects.count() == 2


def test_a_row_left_empty_is_removed(region, council, browser):
    referral = make_draft(region, council.commissioner)

    browser.post(at("task_features", referral), rows(text=[""], marks=[""]))

    with acting_as(council.commissioner):
        assert not Feature.objects.exists()
    assert "Features: The weight must be 0" in plain(browser.get(at("check", referral)))


def test_a_name_in_the_published_words_is_pointed_out_gently(region, council, browser):
    referral = make_draft(region, council.commissioner)
    browser.post(
        at("task_child", referral), {"age": "9", "profile": "Robin’s teacher says he reads."}
    )

    page = plain(browser.get(at("check", referral)))

    assert "The child’s name may be in what providers read Look at: Profile." in page
    assert "Send to providers" in page


def test_the_childs_details_show_only_when_asked_for_and_each_look_is_kept(
    region, council, browser
):
    make_school(region)
    referral = make_open(region, council.commissioner)
    looked = lambda: AuditEvent.objects.filter(action="child.viewed").count()  # noqa: E731

    before = plain(browser.get(at("child", referral)))
    shown = plain(browser.post(at("child", referral)))

    with acting_as(council.commissioner):
        seen = looked()
    assert "Quince" not in before
    assert "Robin Quince" in shown
    assert "RH12 9XA" in shown
    assert seen == 1
    assert "Quince" not in plain(browser.get(at("detail", referral)))


def test_a_referral_is_withdrawn_with_a_reason(region, council, browser):
    make_school(region)
    referral = make_open(region, council.commissioner)

    missing = browser.post(at("withdraw", referral), {"reason": " "})
    done = browser.post(at("withdraw", referral), {"reason": "The family has moved."})
    again = browser.post(at("withdraw", referral), {"reason": "Again."})

    assert (missing.status_code, done.status_code, again.status_code) == (400, 302, 409)
    assert "The family has moved." in plain(browser.get(at("detail", referral)))


def test_what_has_been_sent_can_no_longer_be_changed(region, council, browser):
    make_school(region)
    referral = make_open(region, council.commissioner)

    for name, answers in ANSWERS.items():
        assert browser.post(at(name, referral), answers).status_code == 409
    assert browser.post(at("check", referral)).status_code == 409


def test_the_list_says_bidding_closed_by_the_clock(region, council, browser):
    make_school(region)
    referral = make_open(region, council.commissioner)
    path = reverse("referrals:list")

    before = plain(browser.get(path, stage="closed"))
    browser.now = DEADLINE
    after = plain(browser.get(path, stage="closed"))

    assert referral.reference not in before
    assert f"{referral.reference} SEN day 9 Bidding closed" in after
    assert referral.reference not in plain(browser.get(path, stage="open"))
    assert "Two people" in plain(browser.get(at("detail", referral)))


@pytest.mark.parametrize(
    ("query", "found"), [("WSX-2026-000002", [2]), ("learns", [2, 1]), ("nothing", [])]
)
def test_the_list_is_searched(region, council, browser, query, found):
    for _ in range(2):
        make_draft(region, council.commissioner)

    page = plain(browser.get(reverse("referrals:list"), search=query))

    assert [number for number in (2, 1) if f"WSX-2026-00000{number} SEN day" in page] == found


def test_a_filter_that_cannot_be_read_is_said(browser):
    for name in ("list", "list_csv", "list_xlsx"):
        response = browser.get(reverse(f"referrals:{name}"), stage="elsewhere")
        assert response.status_code == 400


def test_the_list_as_a_file_holds_what_is_filtered(region, council, browser):
    referral = make_draft(region, council.commissioner)

    text = browser.get(reverse("referrals:list_csv"), stage="draft").content.decode()
    none = browser.get(reverse("referrals:list_csv"), stage="open").content.decode()

    assert text.splitlines()[1].startswith(f"{referral.reference},SEN day,9,Draft,")
    assert len(none.splitlines()) == 1


def test_an_authority_without_categories_is_told_what_to_do(region, browser):
    with acting_as(system(0)):
        region.category.adoptions.all().delete()

    assert "uses no category yet" in plain(browser.get(reverse("referrals:new")))
    refused = browser.post(reverse("referrals:new"), {"category": str(region.category.pk)})
    assert refused.status_code == 400


def test_a_stranger_is_told_that_there_is_none(region, council):
    referral = make_draft(region, council.commissioner)
    stranger = Browser(make_person(Role.COMMISSIONER, authority=region.east))

    for name in ("detail", "tasks", "reach", "child", "withdraw", "check", *ANSWERS):
        assert stranger.get(at(name, referral)).status_code == 404


PAGES = ["list", "detail", "reach", "withdraw"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("number", [1, 30])
def test_a_page_asks_little_and_of_one_partition(region, council, browser, name, number):
    for _ in range(number):
        make_school(region)
    referral = make_open(region, council.commissioner)
    for _ in range(number - 1):
        make_draft(region, council.commissioner)
    path = reverse("referrals:list") if name == "list" else at(name, referral)
    browser.get(path)

    with CaptureQueriesContext(connection) as asked, explained() as seen:
        response = browser.get(path)

    own = own_queries(asked)
    assert response.status_code == 200
    assert len(own) <= 12, own
    assert_one_partition_each(seen)


@pytest.mark.parametrize("name", ["tasks", "reach", "check", *ANSWERS])
def test_a_draft_page_asks_little_and_of_one_partition(region, council, browser, name):
    make_school(region)
    referral = make_draft(region, council.commissioner)

    with CaptureQueriesContext(connection) as asked, explained() as seen:
        assert browser.get(at(name, referral)).status_code == 200

    assert len(own_queries(asked)) <= 12, own_queries(asked)
    assert_one_partition_each(seen)


def test_the_deadline_leaves_the_days_that_the_law_wants(region, council, browser):
    make_school(region)
    referral = make_draft(region, council.commissioner, closes_at=NOON + timedelta(days=3))

    page = plain(browser.get(at("check", referral)))
    refused = browser.post(at("check", referral))

    assert "Providers have at least 10 calendar days to bid" in page
    assert refused.status_code == 409
