"""What a higher qualification score would have won, from a provider's own letters alone."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dps.hundredths import show_hundredths
from dps.tenancy.identity import acting_as
from referrals import jobs
from referrals.models import Bid, BidProgress, Evaluation
from referrals.queries.own_bids import last_compared
from referrals.scoring_case import score_case
from referrals.services.awarding import approve_award, recommend_award
from referrals.what_if import Compared, would_lead
from tests.factories.evaluation import (
    GRADED,
    content,
    grade_case,
    invite,
    make_case,
    open_case,
    rank_case,
    seal_bid,
)

LATER = GRADED + timedelta(days=1)


@pytest.fixture
def case(region):
    """Alder wins; Birch loses by its qualification score alone; Dogwood is left out."""
    case = make_case(region)
    invite(case, "Birch", competency=40_00)
    for name in ("Alder", "Birch"):
        seal_bid(case, name, content(weekly=1000_00))
    seal_bid(case, "Dogwood", content(features=()))
    rank_case(grade_case(open_case(case)))
    with acting_as(case.commissioner):
        first = Bid.objects.get(rank=1)
    case.act(
        case.commissioner,
        recommend_award,
        referral_id=case.referral_id,
        bid_id=first.id,
        reason="First",
        at=GRADED,
    )
    case.act(case.second_approver, approve_award, referral_id=case.referral_id, at=LATER)
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)
    return case


def compared(case, name):
    """As the provider reads it, which has submitted a bid."""
    actor = case.bidders[name]
    with acting_as(actor):
        BidProgress.objects.get_or_create(
            invitation=case.invitations[name],
            provider_id=actor.provider_id,
            defaults={"state": "submitted", "changed_at": GRADED},
        )
        return last_compared(actor.provider_id)


def test_the_figures_are_those_of_its_own_letter(case):
    (birch,) = compared(case, "Birch")

    assert (birch.won, birch.weight, birch.competency) == (False, 20_00, 40_00)
    assert birch.winner_total - birch.total == 6_50
    assert birch.winner_quality - birch.quality == 6_50
    assert compared(case, "Alder") == [Compared(won=True)]
    assert compared(case, "Dogwood") == [Compared(won=False)]


@pytest.mark.parametrize("more", [5_00, 10_00, 20_00, 32_45, 32_55, 40_00, 70_00])
def test_it_says_what_scoring_says_of_the_same_bids_with_that_score(case, more):
    (birch,) = compared(case, "Birch")
    with acting_as(case.commissioner):
        bid = Bid.objects.get(establishment__name="Birch")
        inputs = json.loads(Evaluation.objects.get().inputs)
    for each in inputs["bids"]:
        if each["id"] == str(bid.id):
            each["core_competency"] = show_hundredths(min(100_00, 40_00 + more))

    leads = score_case(inputs)["ranking"][0] == str(bid.id)

    assert would_lead(birch, more) is leads


def test_before_the_award_and_without_a_bid_nothing_is_read(region):
    case = make_case(region)
    seal_bid(case, "Alder", content())

    assert compared(case, "Alder") == []


def test_it_takes_three_queries_and_reads_nothing_of_a_rival(case):
    compared(case, "Birch")
    actor = case.bidders["Birch"]
    rival = case.bidders["Alder"]
    with acting_as(actor), CaptureQueriesContext(connection) as captured:
        assert len(last_compared(actor.provider_id)) == 1
        # Asked for a rival's, the database gives it none.
        assert last_compared(rival.provider_id) == []
    assert len(captured) <= 6
