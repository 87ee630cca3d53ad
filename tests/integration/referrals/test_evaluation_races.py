"""Two people at once in evaluation, choice and award: one succeeds, the other reads why not."""

from datetime import timedelta

import pytest

from dps.actors import parent, system
from dps.models import AuditEvent, AuditLink
from dps.refusals import IllegalTransition
from dps.tenancy.identity import acting_as
from referrals.models import Award, Bid, Evaluation, ParentChoice, Referral
from referrals.queries.choice import options_of
from referrals.services.agreeing import confirm_consensus, record_consensus
from referrals.services.awarding import approve_award, recommend_award
from referrals.services.choosing import (
    Said,
    WindowClosed,
    choose,
    offer_choice,
    record_choice_by_officer,
)
from referrals.services.closing_choice import close_choice
from referrals.services.grading import declare_no_conflict, hand_in
from referrals.services.opening import approve_opening
from tests.at_once import act, in_turn, refusals
from tests.factories.evaluation import (
    GRADED,
    agreed,
    grade_case,
    make_case,
    open_case,
    ranked_case,
    seal_bid,
)
from tests.factories.kernel import make_region

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLOSES = GRADED + timedelta(days=10)


def events(case, action: str) -> int:
    with acting_as(case.commissioner):
        return AuditEvent.objects.filter(action=action).count()


def step(case, service, actor, *, at=GRADED, **what):
    return act(service, actor=actor, now=at, referral_id=case.referral_id, **what)


@pytest.mark.off_switch("referral-row")
def test_two_first_approvals_at_once_open_the_bids():
    case = make_case(make_region())
    seal_bid(case, "Alder")

    done = in_turn(
        step(case, approve_opening, case.commissioner), step(case, approve_opening, case.approver)
    )

    assert refusals(done.both) == []
    assert (case.referral.state, events(case, "bids.opened")) == ("grading", 1)


@pytest.mark.off_switch("referral-row")
def test_two_second_approvals_at_once_open_once():
    case = make_case(make_region())
    seal_bid(case, "Alder")
    step(case, approve_opening, case.commissioner)()

    done = in_turn(
        step(case, approve_opening, case.approver),
        step(case, approve_opening, case.second_approver),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert events(case, "bids.opened") == 1


@pytest.mark.off_switch("referral-row")
def test_the_last_two_hand_in_at_once_and_the_grades_are_in():
    case = make_case(make_region(), weight_outcomes=0, weight_price=65_00)
    seal_bid(case, "Alder")
    open_case(case)
    with acting_as(case.commissioner):
        # Nothing to grade, so that handing in is all that the two do.
        Referral.objects.get().outcomes.all().delete()
    eve, eli = case.evaluators
    for actor in (eve, eli):
        step(case, declare_no_conflict, actor)()

    done = in_turn(step(case, hand_in, eve), step(case, hand_in, eli))

    assert refusals(done.both) == []
    assert case.referral.grades_in_at is not None


@pytest.mark.off_switch("referral-row")
def test_a_confirmation_and_a_new_record_at_once_rank_nothing_unseen():
    case = make_case(make_region())
    seal_bid(case, "Alder")
    grade_case(open_case(case))
    eve, eli = case.evaluators
    step(case, record_consensus, eve, agreed=agreed(case))()
    lower = agreed(case, {"Alder": 1})

    done = in_turn(
        step(case, confirm_consensus, eli, recorded_at=GRADED),
        step(case, record_consensus, eve, agreed=lower, at=GRADED + timedelta(seconds=1)),
    )

    assert len(refusals(done.both)) == 1
    with acting_as(case.commissioner):
        # 4 of 5 was confirmed, and is what was ranked.
        ranked = list(Bid.objects.exclude(rank=None).values_list("scores__outcomes", flat=True))
        assert (ranked, Evaluation.objects.count()) == ([12_00], 1)


@pytest.mark.off_switch("referral-row")
def test_two_officers_offer_the_choice_at_once():
    case = ranked_case(make_region())

    done = in_turn(
        step(case, offer_choice, case.commissioner, closes_at=CLOSES),
        step(case, offer_choice, case.second_commissioner, closes_at=CLOSES),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert events(case, "choice.offered") == 1


def offered():
    case = ranked_case(make_region())
    found = step(case, offer_choice, case.commissioner, closes_at=CLOSES)()
    with acting_as(case.commissioner):
        return case, found, options_of(found.id)


def choosing(found, option, *, at=GRADED):
    actor = parent(authority_id=found.authority_id, choice_id=found.id)
    said = Said("option", option.id)
    return act(choose, actor=actor, now=at, offer_id=found.id, said=said)


@pytest.mark.off_switch("referral-row")
def test_two_officers_close_the_choice_at_once():
    case, _found, (first, _second) = offered()
    step(case, record_choice_by_officer, case.commissioner, said=Said("option", first.id))()

    done = in_turn(
        step(case, close_choice, case.commissioner),
        step(case, close_choice, case.second_commissioner),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert events(case, "choice.closed") == 1


@pytest.mark.off_switch("offer-row-of-parent")
def test_no_choice_is_made_behind_the_closing():
    case, found, (first, second) = offered()
    choosing(found, first)()

    done = in_turn(
        step(case, close_choice, case.commissioner),
        choosing(found, second, at=GRADED + timedelta(seconds=1)),
    )

    assert refusals(done.both) == [WindowClosed]
    with acting_as(case.commissioner):
        assert ParentChoice.objects.count() == 1


@pytest.mark.off_switch("offer-row-of-officer")
def test_a_closing_counts_the_choice_that_is_being_made():
    case, found, (first, _second) = offered()

    done = in_turn(
        choosing(found, first),
        step(case, close_choice, case.commissioner, at=GRADED + timedelta(seconds=1)),
    )

    assert (refusals(done.both), done.waited) == ([], True)
    with acting_as(system(case.region.west.id)):
        # The chain is in the order of the commits.
        chain = AuditLink.objects.order_by("seq").values_list("event__action", flat=True)
        about = [action for action in chain if action in ("choice.made", "choice.closed")]
    assert about == ["choice.made", "choice.closed"]


def recommended():
    case = ranked_case(make_region(), Alder=1000_00, Birch=3000_00)
    with acting_as(case.commissioner):
        first = Bid.objects.get(rank=1)
    return case, {"bid_id": first.id, "reason": "First"}


@pytest.mark.off_switch("referral-row")
def test_two_commissioners_recommend_at_once():
    case, what = recommended()

    done = in_turn(
        step(case, recommend_award, case.commissioner, **what),
        step(case, recommend_award, case.second_commissioner, **what),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert events(case, "award.recommended") == 1


@pytest.mark.off_switch("referral-row")
def test_two_people_approve_at_once():
    case, what = recommended()
    step(case, recommend_award, case.commissioner, **what)()

    done = in_turn(
        step(case, approve_award, case.second_approver),
        step(case, approve_award, case.second_approver),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert events(case, "award.approved") == 1
    with acting_as(case.commissioner):
        assert Award.objects.filter(state="approved").count() == 1
