"""What waits for each role on the start page, from the deadline to the award."""

from datetime import timedelta

import pytest

from dps.actors import Role
from dps.tenancy.identity import acting_as
from referrals.presenters.start_evaluation import sections
from referrals.services.awarding import recommend_award
from referrals.services.grading import declare_no_conflict, hand_in
from tests.factories.evaluation import (
    DEADLINE,
    GRADED,
    grade_case,
    make_case,
    open_case,
    ranked_case,
    seal_bid,
)
from tests.factories.kernel import make_person
from tests.integration.referrals.test_awarding import bid_of


def waiting(actor, *, now=GRADED):
    with acting_as(actor):
        return {s.heading: [item.text for item in s.items] for s in sections(actor, now)}


def test_bids_wait_to_be_opened_once_their_time_has_come(region):
    case = make_case(region)

    early = waiting(case.commissioner, now=DEADLINE + timedelta(seconds=59))
    due = waiting(case.commissioner, now=DEADLINE + timedelta(seconds=60))

    assert early["Bids to open"] == []
    assert due["Bids to open"] == [f"Open the bids of {case.referral.reference}"]


def test_an_evaluator_is_reminded_until_handing_in_and_again_to_agree(region):
    case = make_case(region)
    seal_bid(case, "Alder")
    open_case(case)
    first, second = case.evaluators
    outsider = make_person(Role.EVALUATOR, authority=region.west, name="Outsider")
    reference = case.referral.reference
    assert waiting(first) == {"To grade": [f"Grade the bids of {reference}"]}

    grade_case(case)

    assert waiting(first) == {"To grade": [f"Agree the grades of {reference}"]}
    assert waiting(second) == waiting(first)
    assert waiting(outsider) == {"To grade": []}


def test_who_has_handed_in_waits_for_the_others(region):
    case = make_case(region, weight_outcomes=0, weight_price=65_00)
    seal_bid(case, "Alder")
    open_case(case)
    first, _ = case.evaluators
    with acting_as(case.commissioner):
        case.referral.outcomes.all().delete()
    case.act(first, declare_no_conflict, referral_id=case.referral_id)
    case.act(first, hand_in, referral_id=case.referral_id)

    assert waiting(first) == {"To grade": []}


def test_a_ranking_waits_for_the_commissioner_and_an_award_for_the_approver(region):
    case = ranked_case(region, Alder=1000_00, Birch=3000_00)
    reference = case.referral.reference
    assert waiting(case.commissioner)["To decide"] == [f"{reference} is ranked"]
    assert waiting(case.second_approver)["Awards to approve"] == []

    case.act(
        case.commissioner,
        recommend_award,
        referral_id=case.referral_id,
        bid_id=bid_of(case, 1).id,
        reason="First",
        at=GRADED,
    )

    assert waiting(case.commissioner)["To decide"] == []
    assert waiting(case.second_approver)["Awards to approve"] == [
        f"Approve or return the award of {reference}"
    ]


def test_a_stranger_is_told_of_nothing(region):
    make_case(region)
    stranger = make_person(Role.COMMISSIONER, authority=region.east)

    assert set(map(tuple, waiting(stranger).values())) == {()}


@pytest.mark.parametrize("role", [Role.AUTHORITY_ADMINISTRATOR])
def test_other_roles_have_no_such_sections(region, role):
    assert waiting(make_person(role, authority=region.west)) == {}
