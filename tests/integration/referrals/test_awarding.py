"""The award: only the first-ranked or the parent's choice, and only by two people."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from dps.actors import Role, system
from dps.models import AuditEvent, Message, OwedJob
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from referrals import jobs
from referrals.models import Award, Bid, Referral
from referrals.queries.choice import options_of
from referrals.services.awarding import (
    ChoiceNotSettled,
    LowPriceUnexplained,
    MayNotApprove,
    NobodyRanked,
    NotTheOneToAward,
    ReasonMissing,
    _priced,
    approve_award,
    candidate_for,
    recommend_award,
    return_award,
)
from referrals.services.choosing import (
    Said,
    not_offer_choice,
    offer_choice,
    record_choice_by_officer,
)
from referrals.services.closing_choice import close_choice
from referrals.services.ranking import SuspendedSinceRanking
from referrals.services.ranking_again import rank_again
from tests.factories.evaluation import (
    GRADED,
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

LATER = GRADED + timedelta(days=1)
CLOSES = GRADED + timedelta(days=10)


@pytest.fixture
def clear(region):
    """A ranking without a near tie: Alder, then Birch."""
    return ranked_case(region, Alder=1000_00, Birch=3000_00)


@pytest.fixture
def near(region):
    """A near tie: Alder, then Birch."""
    return ranked_case(region)


def bid_of(case, rank):
    with acting_as(case.commissioner):
        return Bid.objects.get(referral_id=case.referral_id, rank=rank)


def recommend(case, *, rank=1, reason="It is ranked first", actor=None, at=GRADED):
    return case.act(
        actor or case.commissioner,
        recommend_award,
        referral_id=case.referral_id,
        bid_id=bid_of(case, rank).id,
        reason=reason,
        at=at,
    )


def approve(case, actor=None, *, at=LATER):
    return case.act(
        actor or case.second_approver, approve_award, referral_id=case.referral_id, at=at
    )


def send_back(case, actor=None, reason="Say more on transport", *, at=LATER):
    return case.act(
        actor or case.second_approver,
        return_award,
        referral_id=case.referral_id,
        reason=reason,
        at=at,
    )


def offer(case):
    found = case.act(
        case.commissioner, offer_choice, referral_id=case.referral_id, closes_at=CLOSES, at=GRADED
    )
    with acting_as(case.commissioner):
        return found, {option.name: option.id for option in options_of(found.id)}


def answer(case, said):
    case.act(
        case.commissioner,
        record_choice_by_officer,
        referral_id=case.referral_id,
        said=said,
        at=GRADED,
    )


def state_of(case):
    with acting_as(case.commissioner):
        return (
            Referral.objects.values_list("state", "awarded_at").get(id=case.referral_id),
            list(Award.objects.order_by("recommended_at").values_list("state", "decided_by_id")),
            AuditEvent.objects.count(),
        )


def refused(case, refusal, call, *args, **kwargs):
    before = state_of(case)
    with pytest.raises(refusal):
        call(*args, **kwargs)
    assert state_of(case) == before


def test_recommended_and_approved(clear):
    award = recommend(clear)
    assert (award.by_choice, award.annual_value_pence) == (False, 39_000_00)

    approve(clear)

    referral = clear.referral
    assert (referral.state, referral.awarded_at) == ("awarded", LATER)
    with acting_as(system(clear.region.west.id)):
        owed = set(OwedJob.objects.values_list("job", flat=True))
        told = set(Message.objects.values_list("template", "to_person_id"))
    assert {jobs.WRITE_AWARD_LETTERS, jobs.MAKE_AGREEMENT} <= owed
    assert ("referrals/award_decided", clear.commissioner.person_id) in told
    assert ("referrals/award_to_approve", clear.second_approver.person_id) in told


def test_the_award_carries_the_hash_of_the_evaluation(clear):
    award = recommend(clear)

    with acting_as(clear.commissioner):
        frozen = AuditEvent.objects.get(action="evaluation.frozen")
    assert award.evaluation_sha256 in frozen.body


def test_returned_and_recommended_again(clear):
    recommend(clear)
    send_back(clear)
    assert clear.referral.state == "ranked"

    recommend(clear, at=LATER)
    approve(clear)

    assert state_of(clear)[1] == [
        ("returned", clear.second_approver.person_id),
        ("approved", clear.second_approver.person_id),
    ]


def test_every_refusal_of_recommending(clear, region):
    refused(clear, NotTheOneToAward, recommend, clear, rank=2)
    refused(clear, ReasonMissing, recommend, clear, reason="  ")
    refused(clear, NotPermitted, recommend, clear, actor=clear.approver)
    stranger = make_person(Role.COMMISSIONER, authority=region.east)
    refused(clear, Referral.DoesNotExist, recommend, clear, actor=stranger)
    recommend(clear)
    refused(clear, IllegalTransition, recommend, clear)

    early = open_case(make_case(region))
    with pytest.raises(IllegalTransition):
        early.act(
            early.commissioner,
            recommend_award,
            referral_id=early.referral_id,
            bid_id=early.referral_id,
            reason="x",
        )


def test_a_near_tie_is_settled_first(near):
    refused(near, ChoiceNotSettled, recommend, near)

    near.act(
        near.commissioner, not_offer_choice, referral_id=near.referral_id, reason="Looked after"
    )
    recommend(near)

    assert near.referral.state == "recommended"


def test_a_category_without_choice_needs_no_settling(near, region):
    with acting_as(system(0)):
        region.category.offers_choice = False
        region.category.save()

    recommend(near)


def test_the_parents_choice_is_the_one_to_award(near):
    _found, options = offer(near)
    answer(near, Said("option", options["Birch"]))
    near.act(near.commissioner, close_choice, referral_id=near.referral_id, at=GRADED)

    refused(near, NotTheOneToAward, recommend, near, rank=1)
    award = recommend(near, rank=2)

    assert award.by_choice is True


def test_no_award_while_the_parent_has_time(near):
    offer(near)

    refused(near, IllegalTransition, recommend, near)


def test_after_the_window_the_first_ranked_is_awarded_whether_or_not_the_job_ran(near):
    offer(near)

    award = recommend(near, at=CLOSES)

    assert (award.by_choice, near.referral.state) == (False, "recommended")
    with acting_as(near.commissioner):
        assert AuditEvent.objects.filter(action="choice.closed").count() == 1


@pytest.mark.parametrize("wish", ["none", "talk"])
def test_a_wish_without_a_place_leaves_the_first_ranked(near, wish):
    offer(near)
    answer(near, Said(wish))

    assert recommend(near, at=CLOSES).by_choice is False


def test_the_choice_still_counts_after_a_return(near):
    _found, options = offer(near)
    answer(near, Said("option", options["Birch"]))
    recommend(near, rank=2, at=CLOSES)
    send_back(near, at=CLOSES)

    refused(near, NotTheOneToAward, recommend, near, rank=1, at=CLOSES)
    recommend(near, rank=2, at=CLOSES)


def test_a_suspension_stops_recommendation_and_approval_until_ranked_again(region):
    case = ranked_case(region, Alder=2000_00, Birch=3000_00, Cedar=5000_00)
    recommend(case)
    suspend(case, "Birch", at=GRADED + timedelta(hours=1))
    refused(case, SuspendedSinceRanking, approve, case)
    send_back(case)
    refused(case, SuspendedSinceRanking, recommend, case, at=LATER)

    case.act(case.commissioner, rank_again, referral_id=case.referral_id, at=LATER)
    recommend(case, at=LATER)
    approve(case)

    assert case.referral.state == "awarded"


def test_a_suspended_choice_leaves_the_first_ranked(near):
    _found, options = offer(near)
    answer(near, Said("option", options["Birch"]))
    near.act(near.commissioner, close_choice, referral_id=near.referral_id, at=GRADED)
    suspend(near, "Birch", at=GRADED + timedelta(hours=1))

    near.act(near.commissioner, rank_again, referral_id=near.referral_id, at=LATER)

    with acting_as(near.commissioner):
        candidate = candidate_for(Referral.objects.get(id=near.referral_id))
    assert (candidate.bid.establishment.name, candidate.by_choice) == ("Alder", False)


def test_nobody_ranked_is_nobody_to_award(region):
    case = make_case(region)
    seal_bid(case, "Alder", content(features=()))
    rank_case(grade_case(open_case(case)))

    before = state_of(case)
    with pytest.raises(NobodyRanked):
        case.act(
            case.commissioner,
            recommend_award,
            referral_id=case.referral_id,
            bid_id=case.referral_id,
            reason="x",
        )
    assert state_of(case) == before


def test_a_bid_without_a_price_is_in_no_ranking():
    with pytest.raises(NobodyRanked):
        _priced(Bid())


@pytest.mark.off_switch("approver-is-another")
def test_the_approver_neither_raised_nor_opened_nor_recommended(region):
    case = ranked_case(region, Alder=1000_00, Birch=3000_00)
    recommend(case, actor=case.second_commissioner)

    def as_approver(actor):
        return type(actor)(
            kind=actor.kind,
            roles=frozenset({Role.APPROVER}),
            name=actor.name,
            person_id=actor.person_id,
            authority_id=actor.authority_id,
        )

    barred = (case.commissioner, case.approver, case.second_commissioner)
    for actor in barred:
        refused(case, MayNotApprove, approve, case, as_approver(actor))
        refused(case, MayNotApprove, send_back, case, as_approver(actor))
    refused(case, NotPermitted, approve, case, case.commissioner)
    refused(case, NotPermitted, send_back, case, case.commissioner)
    refused(case, ReasonMissing, send_back, case, case.second_approver, " ")

    approve(case)
    refused(case, IllegalTransition, approve, case)
    refused(case, IllegalTransition, send_back, case)


@pytest.mark.off_switch("scores-stand-once-awarded")
def test_the_scores_of_an_awarded_referral_cannot_be_changed_in_the_database(clear):
    recommend(clear)
    approve(clear)

    with acting_as(clear.commissioner):
        assert Bid.objects.update(total=1) == 0
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        with acting_as(system(clear.region.west.id)):
            Bid.objects.update(total=1)


@pytest.mark.off_switch("low-price-explained")
def test_a_price_under_half_of_the_middle_one_is_awarded_when_it_is_explained(region):
    case = ranked_case(region, Alder=1000_00, Birch=2000_01, Cedar=3000_00)
    what = {"referral_id": case.referral_id, "bid_id": bid_of(case, 1).id, "reason": "First"}
    for blank in ("", "  "):
        with pytest.raises(LowPriceUnexplained):
            case.act(case.commissioner, recommend_award, **what, low_price=blank, at=GRADED)
    assert case.referral.state == "ranked"

    award = case.act(
        case.commissioner, recommend_award, **what, low_price="They own the house ", at=GRADED
    )

    assert award.reason == "First\n\nOn the low price: They own the house"
    with acting_as(system(region.west.id)):
        told = AuditEvent.objects.get(action="award.recommended")
    assert json.loads(told.body)["facts"]["low_price"] is True


@pytest.mark.parametrize("prices", [{"Birch": 2000_00, "Cedar": 3000_00}, {"Birch": 9000_00}])
def test_half_of_the_middle_price_or_one_rival_asks_for_no_explanation(region, prices):
    case = ranked_case(region, Alder=1000_00, **prices)

    assert recommend(case).reason == "It is ranked first"


def test_a_price_under_half_of_its_own_core_costs_is_asked_about(region):
    case = make_case(region)
    seal_bid(case, "Alder", content(weekly=1000_00, discount=50_01))
    case = rank_case(grade_case(open_case(case)))

    with pytest.raises(LowPriceUnexplained):
        recommend(case)
