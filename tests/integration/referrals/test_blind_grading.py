"""Who may yet grade is not told who bid: neither by the referral's page nor by the trail."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dps import audit
from dps.actors import Role
from dps.audit import Act
from dps.tenancy.identity import acting_as
from tests.factories.evaluation import (
    DEADLINE,
    GRADED,
    content,
    grade_case,
    make_case,
    open_case,
    rank_case,
    seal_bid,
)
from tests.factories.kernel import make_person
from tests.integration.referrals.pages import Browser, plain

SAID = "you do not see who bid until the grades are agreed"


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def case(region):
    case = make_case(region)
    for name in ("Alder", "Birch"):
        sealed = seal_bid(case, name, content())
        bidder = case.bidders[name]
        with acting_as(bidder, at=DEADLINE - timedelta(hours=1)):
            act = Act("bid.submitted", sealed, sealed_referral_id=case.referral_id)
            submitted = DEADLINE - timedelta(hours=1)
            audit.record(act, actor=bidder, at=submitted, authority_id=region.west.id)
    return case


@pytest.fixture
def both(region):
    """Commissioner and evaluator of the council at once."""
    return make_person(Role.COMMISSIONER, Role.EVALUATOR, authority=region.west)


def page_of(case, actor):
    shown = Browser(actor, now=GRADED).get(reverse("referrals:detail", args=[case.referral_id]))
    assert shown.status_code == 200
    return plain(shown)


def trail_of(actor):
    return plain(Browser(actor, now=GRADED).get(reverse("audit_trail")))


def names_in(text):
    return {name for name in ("Alder", "Birch") if name in text}


def test_a_commissioner_who_may_grade_is_told_the_number_of_bids_and_no_name(case, both):
    open_case(case)
    shown = page_of(case, both)
    assert (names_in(shown), SAID in shown) == (set(), True)
    assert "2 establishments bid" in shown

    shown = page_of(case, case.commissioner)
    assert (names_in(shown), SAID in shown) == ({"Alder", "Birch"}, False)


def test_the_names_stay_hidden_while_the_grades_are_agreed_and_are_shown_with_the_ranking(
    case, both
):
    case.evaluators[0] = both
    grade_case(open_case(case))
    assert names_in(page_of(case, both)) == set()

    rank_case(case)

    assert names_in(page_of(case, both)) == {"Alder", "Birch"}


def test_who_opened_the_bids_sees_who_bid_since_they_cannot_grade(case, both):
    case.second_commissioner = both
    open_case(case)

    assert names_in(page_of(case, both)) == {"Alder", "Birch"}


def test_the_trail_tells_who_bid_only_when_the_bids_are_ranked(case, region):
    approver = make_person(Role.APPROVER, Role.EVALUATOR, authority=region.west)
    assert names_in(trail_of(approver)) == set()
    grade_case(open_case(case))
    assert names_in(trail_of(approver)) == set()

    rank_case(case)

    assert names_in(trail_of(approver)) == {"Alder", "Birch"}
