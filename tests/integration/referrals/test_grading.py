"""Grading: alone, blind to each other by the database, final once handed in."""

import pytest
from django.db import DatabaseError, transaction

from dps.actors import Role, system
from dps.models import AuditEvent, Message
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from referrals.models import GradeSheet, GradingPaper, OutcomeGrade, Referral
from referrals.services.grading import (
    AlreadyBegan,
    DeclareFirst,
    GradeMissing,
    GradingIsOver,
    HandedIn,
    Mark,
    NotAGrade,
    NothingToGrade,
    OpenedTheBids,
    declare_no_conflict,
    hand_in,
    release_grader,
    save_grades,
    step_back,
)
from tests.factories.evaluation import (
    GRADED,
    OPENING,
    OUTCOMES,
    grade_case,
    make_case,
    open_case,
    papers,
    seal_bid,
)
from tests.factories.kernel import make_person


@pytest.fixture
def case(region):
    case = make_case(region)
    for name in ("Alder", "Birch"):
        seal_bid(case, name)
    return open_case(case)


def begin(case, actor):
    return case.act(actor, declare_no_conflict, referral_id=case.referral_id)


def save(case, actor, paper, *marks):
    return case.act(
        actor, save_grades, referral_id=case.referral_id, bid_id=paper.bid_id, marks=marks
    )


def grade_all(case, actor, grade=3):
    for paper in papers(case):
        save(case, actor, paper, *(Mark(key, grade) for key in OUTCOMES))


def state_of(case):
    with acting_as(case.commissioner):
        return (
            Referral.objects.values_list("state", "grades_in_at").get(id=case.referral_id),
            sorted(GradeSheet.objects.values_list("evaluator_id", "handed_in_at")),
            AuditEvent.objects.count(),
        ), [own_grades(case, actor) for actor in case.evaluators]


def own_grades(case, actor):
    with acting_as(actor):
        rows = OutcomeGrade.objects.filter(evaluator_id=actor.person_id)
        return sorted(rows.values_list("bid_id", "key", "grade", "note"))


def refused(case, refusal, call, *args):
    before = state_of(case)
    with pytest.raises(refusal):
        call(*args)
    assert state_of(case) == before


def test_grades_are_saved_and_changed_until_handed_in(case):
    eve, _ = case.evaluators
    begin(case, eve)
    paper = papers(case)[0]

    save(case, eve, paper, Mark("communicates", 2, "Thin"), Mark("independent", 5))
    save(case, eve, paper, Mark("communicates", 3, "Better on a second reading"))

    assert own_grades(case, eve) == [
        (paper.bid_id, "communicates", 3, "Better on a second reading"),
        (paper.bid_id, "independent", 5, ""),
    ]


@pytest.mark.off_switch("blind-grades")
def test_an_evaluator_reads_no_other_grade_until_all_who_began_have_handed_in(case):
    eve, eli = case.evaluators
    for actor in (eve, eli):
        begin(case, actor)
        grade_all(case, actor)

    def seen_by(actor):
        with acting_as(actor):
            return set(OutcomeGrade.objects.values_list("evaluator_id", flat=True))

    case.act(eve, hand_in, referral_id=case.referral_id)
    assert (seen_by(eve), seen_by(eli)) == ({eve.person_id}, {eli.person_id})
    assert seen_by(case.commissioner) == set()

    case.act(eli, hand_in, referral_id=case.referral_id, at=GRADED)
    both = {eve.person_id, eli.person_id}
    assert (seen_by(eve), seen_by(eli)) == (both, both)
    assert case.referral.grades_in_at == GRADED


def test_one_evaluator_is_not_enough(case):
    eve, _ = case.evaluators
    begin(case, eve)
    grade_all(case, eve)

    case.act(eve, hand_in, referral_id=case.referral_id)

    assert case.referral.grades_in_at is None


def test_a_third_who_began_is_waited_for_and_may_step_back(case):
    third = make_person(Role.EVALUATOR, authority=case.region.west, name="Ed Third")
    begin(case, third)
    save(case, third, papers(case)[0], Mark("communicates", 1))
    grade_case(case)
    assert case.referral.grades_in_at is None

    case.act(third, step_back, referral_id=case.referral_id, at=GRADED)

    assert case.referral.grades_in_at == GRADED
    assert own_grades(case, third) == []


def test_when_all_are_in_the_graders_are_told(case):
    grade_case(case)

    with acting_as(system(case.region.west.id)):
        told = Message.objects.filter(template="referrals/grades_to_agree")
        assert set(told.values_list("to_person_id", flat=True)) == {
            actor.person_id for actor in case.evaluators
        }


@pytest.mark.off_switch("grader-did-not-open")
def test_those_who_opened_do_not_grade(case):
    opener = case.approver
    both = make_person(Role.EVALUATOR, authority=case.region.west)
    as_evaluator = type(opener)(
        kind=opener.kind,
        roles=frozenset({Role.EVALUATOR}),
        name=opener.name,
        person_id=opener.person_id,
        authority_id=opener.authority_id,
    )

    refused(case, OpenedTheBids, begin, case, as_evaluator)
    begin(case, both)


def test_every_refusal_of_beginning(case, region):
    eve, _ = case.evaluators
    begin(case, eve)
    refused(case, AlreadyBegan, begin, case, eve)
    for actor in (case.commissioner, case.approver):
        refused(case, NotPermitted, begin, case, actor)
    stranger = make_person(Role.EVALUATOR, authority=region.east)
    refused(case, Referral.DoesNotExist, begin, case, stranger)

    unopened, empty = make_case(region), open_case(make_case(region))
    refused(case, IllegalTransition, begin, unopened, eve)
    refused(case, NothingToGrade, begin, empty, eve)


def test_every_refusal_of_saving(case):
    eve, eli = case.evaluators
    paper = papers(case)[0]
    refused(case, DeclareFirst, save, case, eve, paper, Mark("communicates", 3))
    begin(case, eve)
    for mark in (Mark("communicates", 6), Mark("communicates", -1), Mark("price", 3)):
        refused(case, NotAGrade, save, case, eve, paper, mark)
    stray = GradingPaper(bid_id=case.referral_id)
    refused(case, GradingPaper.DoesNotExist, save, case, eve, stray, Mark("communicates", 3))
    grade_all(case, eve)
    case.act(eve, hand_in, referral_id=case.referral_id)
    refused(case, HandedIn, save, case, eve, paper, Mark("communicates", 1))
    begin(case, eli)
    grade_all(case, eli)
    case.act(eli, hand_in, referral_id=case.referral_id)
    refused(case, GradingIsOver, save, case, eli, paper, Mark("communicates", 1))


def test_every_refusal_of_handing_in(case):
    eve, _ = case.evaluators

    def hand():
        case.act(eve, hand_in, referral_id=case.referral_id)

    refused(case, DeclareFirst, hand)
    begin(case, eve)
    save(case, eve, papers(case)[0], *(Mark(key, 3) for key in OUTCOMES))
    refused(case, GradeMissing, hand)
    grade_all(case, eve)
    hand()
    refused(case, HandedIn, hand)


def test_stepping_back_is_refused_once_handed_in(case):
    eve, _ = case.evaluators
    begin(case, eve)
    grade_all(case, eve)
    case.act(eve, hand_in, referral_id=case.referral_id)

    refused(case, HandedIn, lambda: case.act(eve, step_back, referral_id=case.referral_id))


def test_nobody_begins_once_all_grades_are_in(case):
    grade_case(case)
    late = make_person(Role.EVALUATOR, authority=case.region.west, name="Late")

    refused(case, GradingIsOver, begin, case, late)


@pytest.mark.off_switch("grades-in-own-name")
def test_the_database_keeps_others_grades_from_being_written(case):
    eve, eli = case.evaluators
    begin(case, eve)
    row = {
        "authority_id": case.region.west.id,
        "referral_id": case.referral_id,
        "bid_id": papers(case)[0].bid_id,
        "key": "communicates",
        "grade": 5,
        "graded_at": OPENING,
    }

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        with acting_as(eli):
            OutcomeGrade.objects.create(evaluator_id=eve.person_id, **row)
    with acting_as(eve):
        OutcomeGrade.objects.create(evaluator_id=eve.person_id, **row)
    assert own_grades(case, eve) == [(row["bid_id"], "communicates", 5, "")]


def test_a_referral_with_an_incentive_has_it_graded(region):
    case = make_case(region, weight_incentive=5_00, weight_outcomes=10_00)
    seal_bid(case, "Alder")
    open_case(case)
    eve, _ = case.evaluators
    begin(case, eve)
    [paper] = papers(case)
    save(case, eve, paper, *(Mark(key, 3) for key in OUTCOMES))

    refused(case, GradeMissing, lambda: case.act(eve, hand_in, referral_id=case.referral_id))
    save(case, eve, paper, Mark("_incentive", 2))
    case.act(eve, hand_in, referral_id=case.referral_id)


def test_the_commissioner_goes_on_without_an_evaluator_who_does_not_hand_in(case):
    third = make_person(Role.EVALUATOR, authority=case.region.west, name="Ed Third")
    sheet = begin(case, third)
    save(case, third, papers(case)[0], Mark("communicates", 1))
    grade_case(case)

    def release(actor=case.commissioner, sheet_id=sheet.id):
        case.act(actor, release_grader, referral_id=case.referral_id, sheet_id=sheet_id, at=GRADED)

    with acting_as(case.commissioner):
        done = GradeSheet.objects.filter(handed_in_at__isnull=False).first()
    refused(case, NotPermitted, release, case.approver)
    refused(case, HandedIn, release, case.commissioner, done.id)
    refused(case, GradeSheet.DoesNotExist, release, case.commissioner, case.referral_id)
    release()

    assert case.referral.grades_in_at == GRADED
    refused(case, GradingIsOver, release)
