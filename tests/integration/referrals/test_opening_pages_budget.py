"""What the pages of opening, grading and the result ask of the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.evaluation import (
    GRADED,
    content,
    grade_case,
    make_case,
    open_case,
    rank_case,
    seal_bid,
)
from tests.integration.partitions import assert_one_partition_each, explained
from tests.integration.referrals.pages import Browser, own_queries


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


def browser_of(case, number=0, *, now=GRADED):
    return Browser(case.evaluators[number], now=now)


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
