"""Two people at once, on real transactions: one succeeds, the other gets a plain refusal."""

import pytest

from dps.actors import REGION_ID, system
from dps.refusals import IllegalTransition
from dps.tenancy.identity import acting_as
from qualification.models import AgreedGrade, Application, CompetencyScore, Evaluator, Qualification
from qualification.services import agreeing, checking, deciding, evaluators, grading
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.qualification import make_applying
from tests.integration.qualification.test_races import events, together

BOSS = system(REGION_ID)
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def graded(oak):
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    for one in oak.graders:
        evaluation.grade_all(application.joining_id, one)
    return application


def test_two_officers_agreeing_together_make_one_grade():
    oak = make_applying(make_region())
    application = graded(oak)
    one = next(
        each for each in evaluation.statements(application.joining_id) if not each.is_for_panel
    )

    def agree(actor, grade):
        return lambda: agreeing.agree(
            answer_id=one.answer.id, grade=grade, reason="Read.", actor=actor, now=NOON
        )

    outcomes = together((oak.officer, agree(oak.officer, 3)), (oak.second, agree(oak.second, 4)))

    assert outcomes == ["AgreedMeanwhile", "done"]
    assert events("statement.agreed") == 1
    with acting_as(BOSS):
        assert AgreedGrade.objects.count() == 1


def test_two_officers_closing_the_grading_together_close_it_once():
    oak = make_applying(make_region())
    application = oak.graded()

    def close(actor):
        return lambda: agreeing.moderate(application_id=application.id, actor=actor, now=NOON)

    outcomes = together((oak.officer, close(oak.officer)), (oak.second, close(oak.second)))

    assert outcomes == [IllegalTransition.__name__, "done"]
    assert events("application.moderated") == 1


def test_two_officers_deciding_together_make_one_decision():
    oak = make_applying(make_region())
    application = oak.moderated()
    third = make_person(*oak.second.roles, authority=oak.region.west, name="Third")
    evaluation.fails(application, "insurances", actor=oak.officer)
    evaluation.clear(application, actor=oak.officer)

    def decide(actor):
        return lambda: deciding.decide(
            application_id=application.id,
            qualifies=True,
            reason="Read.",
            actor=actor,
            now=NOON,
        )

    outcomes = together((oak.second, decide(oak.second)), (third, decide(third)))

    assert outcomes == [IllegalTransition.__name__, "done"]
    assert events("application.qualified") + events("application.rejected") == 1
    with acting_as(BOSS):
        assert Application.objects.get().state == "qualified"
        assert (Qualification.objects.count(), CompetencyScore.objects.count()) == (1, 1)


def test_two_officers_passing_stage_1_together_pass_it_once():
    oak = make_applying(make_region())
    application = oak.submitted()
    evaluation.clear(application, actor=oak.officer)

    def pass_on(actor):
        return lambda: checking.pass_stage_one(application_id=application.id, actor=actor, now=NOON)

    outcomes = together((oak.officer, pass_on(oak.officer)), (oak.second, pass_on(oak.second)))

    assert outcomes == [IllegalTransition.__name__, "done"]
    assert events("application.passed_stage_1") == 1


def test_two_people_of_a_provider_replying_together_reply_once():
    oak = make_applying(make_region())
    application = oak.submitted()
    with acting_as(oak.officer):
        point = checking.ask_provider(
            application_id=application.id,
            code="insurances",
            text="Why?",
            reply_by=NOON.date().replace(day=20),
            actor=oak.officer,
            now=NOON,
        )

    def reply(actor):
        return lambda: checking.reply(point_id=point.id, text="So.", actor=actor, now=NOON)

    outcomes = together((oak.head, reply(oak.head)), (oak.writer, reply(oak.writer)))

    assert outcomes == ["AlreadyReplied", "done"]
    assert events("provider.replied") == 1


def test_an_officer_who_opens_again_and_one_who_decides_leave_one_of_the_two():
    oak = make_applying(make_region())
    application = oak.moderated()

    outcomes = together(
        (
            oak.second,
            lambda: deciding.decide(
                application_id=application.id,
                qualifies=True,
                reason="Read.",
                actor=oak.second,
                now=NOON,
            ),
        ),
        (
            oak.officer,
            lambda: agreeing.grade_again(
                application_id=application.id, reason="Again.", actor=oak.officer, now=NOON
            ),
        ),
    )

    assert outcomes == [IllegalTransition.__name__, "done"]
    assert events("application.opened_again") + events("application.qualified") == 1


def test_two_officers_asking_the_same_people_together_ask_them_once():
    oak = make_applying(make_region())
    application = oak.submitted()

    def ask(actor):
        return lambda: evaluators.ask_evaluators(
            joining_id=application.joining_id,
            person_ids=[one.person_id for one in oak.graders],
            actor=actor,
            now=NOON,
        )

    outcomes = together((oak.officer, ask(oak.officer)), (oak.second, ask(oak.second)))

    assert outcomes == ["done", "done"]
    with acting_as(BOSS):
        assert Evaluator.objects.count() == 2


def test_handing_in_and_being_released_together_leave_one_of_the_two():
    oak = make_applying(make_region())
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    evaluation.grade_all(application.joining_id, oak.graders[0], hand_in=False)
    with acting_as(BOSS):
        row = Evaluator.objects.get(person_id=oak.graders[0].person_id)

    outcomes = together(
        (
            oak.graders[0],
            lambda: grading.hand_in_grades(
                joining_id=application.joining_id, actor=oak.graders[0], now=NOON
            ),
        ),
        (
            oak.officer,
            lambda: evaluators.release_evaluator(
                evaluator_id=row.id, reason="Late.", actor=oak.officer, now=NOON
            ),
        ),
    )

    assert outcomes in (["HasHandedIn", "done"], ["Released", "done"])
    assert events("grades.handed_in") + events("evaluator.released") == 1
