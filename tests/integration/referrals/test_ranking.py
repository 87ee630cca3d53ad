"""Agreeing and ranking: the last confirmation ranks, and what was scored is frozen."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from dps.actors import Role, system
from dps.models import AuditEvent, Message
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from referrals.models import Bid, ConsensusConfirmation, ConsensusGrade, Evaluation, Referral
from referrals.scoring_case import score_case
from referrals.services.agreeing import (
    Agreed,
    AlreadyConfirmed,
    GradesIncomplete,
    GradesStillOut,
    NotAGrader,
    NoteMissing,
    NothingRecorded,
    OwnRecord,
    RecordChanged,
    confirm_consensus,
    record_consensus,
)
from referrals.services.ranking import SUSPENDED, problems_of
from referrals.services.ranking_again import RankingStands, rank_again
from tests.factories.evaluation import (
    GRADED,
    OUTCOMES,
    agreed,
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


@pytest.fixture
def graded(region):
    case = make_case(region)
    seal_bid(case, "Alder", content(weekly=1000_00))
    seal_bid(case, "Birch", content(weekly=1010_00))
    return grade_case(open_case(case))


def record(case, actor, what=None, *, at=GRADED):
    what = agreed(case) if what is None else what
    return case.act(actor, record_consensus, referral_id=case.referral_id, agreed=what, at=at)


def confirm(case, actor, *, at=GRADED, **what):
    return case.act(actor, confirm_consensus, referral_id=case.referral_id, at=at, **what)


def state_of(case):
    with acting_as(case.commissioner):
        return (
            Referral.objects.values_list("state", "ranked_at").get(id=case.referral_id),
            sorted(ConsensusGrade.objects.values_list("bid_id", "key", "grade", "note")),
            ConsensusConfirmation.objects.count(),
            sorted(Evaluation.objects.values_list("number", "sha256")),
            sorted(map(str, Bid.objects.values_list("id", "rank", "total", "set_aside_reason"))),
            AuditEvent.objects.count(),
        )


def refused(case, refusal, call, *args, **kwargs):
    before = state_of(case)
    with pytest.raises(refusal):
        call(*args, **kwargs)
    assert state_of(case) == before


def ranking_of(case):
    with acting_as(case.commissioner):
        bids = Bid.objects.filter(referral_id=case.referral_id).select_related("establishment")
        return [bid.establishment.name for bid in bids.order_by("rank") if bid.rank]


def test_the_last_confirmation_ranks_and_freezes(graded):
    eve, eli = graded.evaluators
    record(graded, eve)
    assert graded.referral.state == "grading"

    confirm(graded, eli)

    with acting_as(graded.commissioner):
        evaluation = Evaluation.objects.get()
        cheaper = Bid.objects.get(rank=1)
        event = AuditEvent.objects.get(action="evaluation.frozen")
    assert graded.referral.state == "ranked"
    assert ranking_of(graded) == ["Alder", "Birch"]
    assert json.loads(evaluation.results) == score_case(json.loads(evaluation.inputs))
    assert cheaper.scores == {
        "price": 50_00,
        "outcomes": 12_00,
        "needs": 6_00,
        "features": 2_67,
        "location": 5_00,
        "core_competency": 14_50,
        "incentive": 0,
    }
    assert (cheaper.quality, cheaper.total) == (40_17, 90_17)
    assert len(evaluation.near_tie) == 2
    assert json.loads(event.body)["facts"]["sha256"] == evaluation.sha256


def test_the_commissioner_is_told_of_the_ranking(region):
    case = ranked_case(region)

    with acting_as(system(region.west.id)):
        message = Message.objects.get(template="referrals/ranked")
    assert message.to_person_id == case.commissioner.person_id


def test_all_who_graded_must_agree(graded, region):
    other = make_case(region)
    seal_bid(other, "Cedar")
    open_case(other)
    third = make_person(Role.EVALUATOR, authority=region.west, name="Ed Third")
    other.evaluators.append(third)
    grade_case(other)
    eve, eli, _ = other.evaluators
    record(other, eve)

    confirm(other, eli)
    assert other.referral.state == "grading"
    confirm(other, third)

    assert other.referral.state == "ranked"


def test_a_new_record_takes_the_place_of_the_old_and_its_confirmations(region):
    case = make_case(region)
    seal_bid(case, "Cedar")
    open_case(case)
    case.evaluators.append(make_person(Role.EVALUATOR, authority=region.west, name="Ed"))
    grade_case(case)
    eve, eli, third = case.evaluators
    record(case, eve)
    confirm(case, eli)

    record(case, third, agreed(case, {"Cedar": 2}), at=LATER)

    with acting_as(case.commissioner):
        assert ConsensusConfirmation.objects.count() == 0
        grades = set(ConsensusGrade.objects.values_list("grade", "recorded_by_id"))
    assert grades == {(2, third.person_id)}


def test_every_refusal_of_recording(graded, region):
    eve, _ = graded.evaluators
    good = agreed(graded)
    first, second = good
    refused(graded, NotPermitted, record, graded, graded.commissioner)
    outsider = make_person(Role.EVALUATOR, authority=region.west, name="Outsider")
    refused(graded, NotAGrader, record, graded, outsider)
    for bad in (
        [],
        [first],
        [first, first],
        [first, second, second],
        [first, Agreed(second.bid_id, {"communicates": 3}, "Why")],
        [first, Agreed(second.bid_id, {**second.grades, "communicates": 6}, "Why")],
        [first, Agreed(second.bid_id, {**second.grades, "price": 1}, "Why")],
    ):
        refused(graded, GradesIncomplete, record, graded, eve, bad)
    silent = [first, Agreed(second.bid_id, second.grades, "  ")]
    refused(graded, NoteMissing, record, graded, eve, silent)


def test_nothing_is_agreed_while_grades_are_out(region):
    case = make_case(region)
    seal_bid(case, "Alder")
    open_case(case)
    eve, _ = case.evaluators

    refused(case, GradesStillOut, record, case, eve)
    refused(case, GradesStillOut, confirm, case, eve)


def test_every_refusal_of_confirming(graded, region):
    eve, eli = graded.evaluators
    refused(graded, NothingRecorded, confirm, graded, eli)
    record(graded, eve)
    refused(graded, OwnRecord, confirm, graded, eve)
    refused(graded, NotPermitted, confirm, graded, graded.commissioner)
    refused(graded, RecordChanged, confirm, graded, eli, recorded_at=GRADED - timedelta(hours=1))
    confirm(graded, eli, recorded_at=GRADED)
    refused(graded, IllegalTransition, confirm, graded, eli)
    refused(graded, IllegalTransition, record, graded, eve)


def test_nobody_confirms_twice(region):
    case = make_case(region)
    seal_bid(case, "Cedar")
    open_case(case)
    case.evaluators.append(make_person(Role.EVALUATOR, authority=region.west, name="Ed"))
    grade_case(case)
    eve, eli, _ = case.evaluators
    record(case, eve)
    confirm(case, eli)

    refused(case, AlreadyConfirmed, confirm, case, eli)


def test_a_bid_without_an_essential_feature_is_left_out_and_sets_no_price(region):
    case = make_case(region)
    seal_bid(case, "Cheap", content(weekly=100_00, features=("makaton",)))
    seal_bid(case, "Alder")
    rank_case(grade_case(open_case(case)))

    with acting_as(case.commissioner):
        left = Bid.objects.get(rank__isnull=True)
        stays = Bid.objects.get(rank=1)
    assert (left.scores, left.total, left.missing_features) == ({}, None, ["step-free"])
    assert stays.scores["price"] == 50_00


def test_a_suspended_establishment_is_set_aside_at_the_ranking(region):
    case = make_case(region)
    seal_bid(case, "Cheap", content(weekly=100_00))
    seal_bid(case, "Alder")
    grade_case(open_case(case))
    suspend(case, "Cheap", at=GRADED - timedelta(hours=1))

    rank_case(case)

    assert ranking_of(case) == ["Alder"]
    with acting_as(case.commissioner):
        assert Bid.objects.get(rank__isnull=True).set_aside_reason == SUSPENDED


def test_nobody_left_is_a_ranking_of_nobody(region):
    case = make_case(region)
    seal_bid(case, "Alder")
    grade_case(open_case(case))
    suspend(case, "Alder", at=GRADED - timedelta(hours=1))

    rank_case(case)

    assert (case.referral.state, ranking_of(case)) == ("ranked", [])
    with acting_as(case.commissioner):
        assert list(problems_of(Evaluation.objects.get())) == []


def test_an_unknown_place_scores_nothing_for_location(region):
    case = make_case(region)
    seal_bid(case, "Alder")
    with acting_as(system(0)):
        place = case.invitations["Alder"].establishment
        place.easting = place.northing = None
        place.save(update_fields=["easting", "northing"])
    rank_case(grade_case(open_case(case)))

    with acting_as(case.commissioner):
        bid = Bid.objects.get()
    assert (bid.distance, bid.scores["location"], bid.rank) == (None, 0, 1)


def test_an_incentive_is_graded_and_scored(region):
    case = make_case(region, weight_incentive=5_00, weight_outcomes=10_00)
    seal_bid(case, "Alder")
    open_case(case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.factories.evaluation.OUTCOMES", (*OUTCOMES, "_incentive"))
        rank_case(grade_case(case, 3), {"Alder": 3})

    with acting_as(case.commissioner):
        bid = Bid.objects.get()
    assert (bid.scores["outcomes"], bid.scores["incentive"]) == (6_00, 3_00)


def test_ranking_again_leaves_out_who_was_suspended_since(region):
    case = ranked_case(region, Alder=1000_00, Birch=1010_00, Cedar=2000_00)
    suspend(case, "Alder", at=LATER)

    evaluation = case.act(case.commissioner, rank_again, referral_id=case.referral_id, at=LATER)

    assert (evaluation.number, ranking_of(case)) == (2, ["Birch", "Cedar"])
    assert case.referral.state == "ranked"
    with acting_as(case.commissioner):
        # Price is scored anew against the lowest that is still in.
        assert Bid.objects.get(rank=1).scores["price"] == 50_00
        assert [list(problems_of(row)) for row in Evaluation.objects.all()] == [[], []]


def test_every_refusal_of_ranking_again(region, graded):
    case = ranked_case(region, Cedar=1000_00, Dogwood=1010_00)

    def again(one, actor):
        return one.act(actor, rank_again, referral_id=one.referral_id, at=LATER)

    refused(case, RankingStands, again, case, case.commissioner)
    refused(case, NotPermitted, again, case, case.approver)
    refused(graded, IllegalTransition, again, graded, graded.commissioner)


@pytest.mark.off_switch("grades-stand-once-ranked")
def test_what_led_to_the_ranking_cannot_be_changed_in_the_database(region):
    case = ranked_case(region)
    before = state_of(case)

    with acting_as(case.commissioner):
        assert ConsensusGrade.objects.update(grade=5) == 0
        assert ConsensusConfirmation.objects.all().delete()[0] == 0
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        with acting_as(case.commissioner):
            Evaluation.objects.update(results="{}")

    assert state_of(case) == before


def recheck():
    out, errors = StringIO(), StringIO()
    try:
        call_command("recheck_evaluations", stdout=out, stderr=errors)
    except CommandError:
        return out.getvalue(), errors.getvalue(), False
    return out.getvalue(), errors.getvalue(), True


def test_every_evaluation_is_recomputed_without_a_difference(region):
    ranked_case(region)
    ranked_case(region, Cedar=1000_00)

    assert recheck() == ("2 evaluations recomputed, 0 differences\n", "", True)


def test_a_score_altered_by_hand_is_found(region):
    case = ranked_case(region)
    with acting_as(case.commissioner):
        Bid.objects.filter(rank=2).update(total=99_99)

    _said, errors, is_clean = recheck()

    assert "total: expected" in errors
    assert not is_clean


def test_altered_inputs_are_found_by_their_hash_and_by_recomputing(region):
    case = ranked_case(region)
    with acting_as(case.commissioner):
        evaluation = Evaluation.objects.get()
        evaluation.inputs = evaluation.inputs.replace('"1000.00"', '"900.00"')
        found = list(problems_of(evaluation))

    assert found[0] == "the hash does not match the inputs and results"
    assert any("annual_price" in problem for problem in found[1:])
