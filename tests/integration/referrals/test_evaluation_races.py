"""Two people at once, on real transactions: one succeeds, the other reads a plain refusal."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from dps.actors import parent, system
from dps.models import AuditEvent, AuditLink
from dps.refusals import IllegalTransition, Refusal
from dps.tenancy.identity import acting_as
from referrals.models import Award, Bid, Evaluation, ParentChoice, Referral
from referrals.queries.choice import options_of
from referrals.services.agreeing import confirm_consensus, record_consensus
from referrals.services.awarding import approve_award, recommend_award
from referrals.services.choosing import (
    Said,
    WindowClosed,
    choose,
    close_choice,
    offer_choice,
    record_choice_by_officer,
)
from referrals.services.grading import declare_no_conflict, hand_in
from referrals.services.opening import approve_opening
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
Call = Callable[[], object]


def together(*calls: Call) -> list[object]:
    """Each call in a thread of its own, started at once; what it gave or raised, in order."""
    start = Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(number: int, call: Call) -> None:
        try:
            start.wait()
            results[number] = call()
        except Exception as problem:
            results[number] = problem
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refusals(results: list[object]) -> list[object]:
    """What was raised; everything but a refusal would be a page that says 500."""
    raised = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Refusal) for one in raised), raised
    return [type(one) for one in raised]


def events(case, action: str) -> int:
    with acting_as(case.commissioner):
        return AuditEvent.objects.filter(action=action).count()


def acts(case, service, *actors, at=GRADED, **what) -> list[Call]:
    return [
        lambda actor=actor: case.act(actor, service, referral_id=case.referral_id, at=at, **what)
        for actor in actors
    ]


@pytest.mark.parametrize("_round", range(3))
def test_two_first_approvals_at_once_open_the_bids(_round):
    case = make_case(make_region())
    seal_bid(case, "Alder")

    results = together(*acts(case, approve_opening, case.commissioner, case.approver))

    assert refusals(results) == []
    assert (case.referral.state, events(case, "bids.opened")) == ("grading", 1)


@pytest.mark.parametrize("_round", range(3))
def test_two_second_approvals_at_once_open_once(_round):
    case = make_case(make_region())
    seal_bid(case, "Alder")
    case.act(case.commissioner, approve_opening, referral_id=case.referral_id, at=GRADED)

    results = together(*acts(case, approve_opening, case.approver, case.second_approver))

    assert refusals(results) == [IllegalTransition]
    assert events(case, "bids.opened") == 1


@pytest.mark.parametrize("_round", range(3))
def test_the_last_two_hand_in_at_once_and_the_grades_are_in(_round):
    case = make_case(make_region(), weight_outcomes=0, weight_price=65_00)
    seal_bid(case, "Alder")
    open_case(case)
    with acting_as(case.commissioner):
        # Nothing to grade, so that handing in is all that the two do.
        Referral.objects.get().outcomes.all().delete()
    for actor in case.evaluators:
        case.act(actor, declare_no_conflict, referral_id=case.referral_id)

    assert refusals(together(*acts(case, hand_in, *case.evaluators))) == []

    assert case.referral.grades_in_at is not None


@pytest.mark.parametrize("_round", range(3))
def test_a_confirmation_and_a_new_record_at_once_rank_nothing_unseen(_round):
    case = make_case(make_region())
    seal_bid(case, "Alder")
    grade_case(open_case(case))
    eve, eli = case.evaluators
    case.act(eve, record_consensus, referral_id=case.referral_id, agreed=agreed(case), at=GRADED)
    lower = agreed(case, {"Alder": 1})
    [confirm] = acts(case, confirm_consensus, eli, recorded_at=GRADED)
    [again] = acts(case, record_consensus, eve, agreed=lower, at=GRADED + timedelta(seconds=1))

    results = together(confirm, again)

    assert len(refusals(results)) == 1
    with acting_as(case.commissioner):
        # 4 of 5 was confirmed, or nothing was ranked.
        ranked = list(Bid.objects.exclude(rank=None).values_list("scores__outcomes", flat=True))
        assert ranked == ([12_00] if case.referral.state == "ranked" else [])
        assert Evaluation.objects.count() == len(ranked)


def offered():
    case = ranked_case(make_region())
    found = case.act(
        case.commissioner, offer_choice, referral_id=case.referral_id, closes_at=CLOSES, at=GRADED
    )
    with acting_as(case.commissioner):
        return case, found, options_of(found.id)


@pytest.mark.parametrize("_round", range(3))
def test_two_officers_offer_the_choice_at_once(_round):
    case = ranked_case(make_region())

    results = together(
        *acts(case, offer_choice, case.commissioner, case.second_commissioner, closes_at=CLOSES)
    )

    assert refusals(results) == [IllegalTransition]
    assert events(case, "choice.offered") == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_officers_close_the_choice_at_once(_round):
    case, _found, (first, _second) = offered()
    case.act(
        case.commissioner,
        record_choice_by_officer,
        referral_id=case.referral_id,
        said=Said("option", first.id),
        at=GRADED,
    )

    results = together(*acts(case, close_choice, case.commissioner, case.second_commissioner))

    assert refusals(results) == [IllegalTransition]
    assert events(case, "choice.closed") == 1


@pytest.mark.parametrize("_round", range(5))
def test_a_choice_and_the_closing_at_once_leave_no_choice_behind_the_closing(_round):
    case, found, (first, second) = offered()
    actor = parent(authority_id=found.authority_id, choice_id=found.id)
    said, changed = Said("option", first.id), Said("option", second.id)
    case.act(actor, choose, offer_id=found.id, said=said, at=GRADED)

    def change():
        return case.act(
            actor, choose, offer_id=found.id, said=changed, at=GRADED + timedelta(seconds=1)
        )

    [shut] = acts(case, close_choice, case.commissioner, at=GRADED + timedelta(seconds=2))
    results = together(change, shut)

    was_refused = isinstance(results[0], WindowClosed)
    assert refusals(results) == ([WindowClosed] if was_refused else [])
    with acting_as(case.commissioner):
        assert ParentChoice.objects.count() == (1 if was_refused else 2)
    with acting_as(system(case.region.west.id)):
        # The chain is in the order of the commits.
        chain = AuditLink.objects.order_by("seq").values_list("event__action", flat=True)
        about = [action for action in chain if action in ("choice.made", "choice.closed")]
    assert about[-1] == "choice.closed"


def recommended():
    case = ranked_case(make_region(), Alder=1000_00, Birch=3000_00)
    with acting_as(case.commissioner):
        first = Bid.objects.get(rank=1)
    return case, {"bid_id": first.id, "reason": "First"}


@pytest.mark.parametrize("_round", range(3))
def test_two_commissioners_recommend_at_once(_round):
    case, what = recommended()

    results = together(
        *acts(case, recommend_award, case.commissioner, case.second_commissioner, **what)
    )

    assert refusals(results) == [IllegalTransition]
    assert events(case, "award.recommended") == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_people_approve_at_once(_round):
    case, what = recommended()
    case.act(case.commissioner, recommend_award, referral_id=case.referral_id, at=GRADED, **what)

    results = together(*acts(case, approve_award, case.second_approver, case.second_approver))

    assert refusals(results) == [IllegalTransition]
    assert events(case, "award.approved") == 1
    with acting_as(case.commissioner):
        assert Award.objects.filter(state="approved").count() == 1
