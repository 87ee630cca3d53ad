"""Two people at once, on real transactions: one succeeds, the other gets a plain refusal."""

from datetime import date

import pytest

from dps.actors import REGION_ID, system
from dps.models import AuditEvent
from dps.refusals import IllegalTransition
from dps.tenancy.identity import acting_as
from qualification.models import AgreedGrade, Application, Check, Evaluator
from qualification.services import agreeing, checking, deciding, evaluators, grading
from tests.at_once import act, in_turn, refusals
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_region
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oak():
    return make_applying(make_region())


def events(verb):
    with acting_as(BOSS):
        return AuditEvent.objects.filter(action__startswith=verb).count()


def on(application, service, actor, **what):
    return act(service, actor=actor, now=NOON, application_id=application.id, **what)


def of_joining(application, service, actor, **what):
    return act(service, actor=actor, now=NOON, joining_id=application.joining_id, **what)


def refused(oak, application):
    evaluation.fails(application, "inspection", actor=oak.officer)
    return on(
        application,
        deciding.decide,
        oak.second,
        qualifies=False,
        reason="It does not pass.",
        failed=("inspection",),
    )


@pytest.mark.off_switch("application-row-of-checking")
def test_nothing_is_found_behind_the_decision(oak):
    application = oak.submitted()
    decide = refused(oak, application)
    check = on(application, checking.check, oak.officer, code="insurances", result="clear")

    done = in_turn(decide, check)

    assert refusals(done.both) == [checking.NotWithTheTeam]
    with acting_as(BOSS):
        assert list(Check.objects.values_list("code", "result")) == [("inspection", "fails")]


@pytest.mark.off_switch("application-row-of-stage-1")
def test_two_officers_passing_stage_1_together_pass_it_once(oak):
    application = oak.submitted()
    evaluation.clear(application, actor=oak.officer)

    done = in_turn(
        on(application, checking.pass_stage_one, oak.officer),
        on(application, checking.pass_stage_one, oak.second),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert events("application.passed_stage_1") == 1


@pytest.mark.off_switch("point-rows-of-replying")
def test_two_people_of_a_provider_replying_together_reply_once(oak):
    application = oak.submitted()
    with acting_as(oak.officer):
        point = checking.ask_provider(
            application_id=application.id,
            code="insurances",
            text="Why?",
            reply_by=date(2026, 11, 20),
            actor=oak.officer,
            now=NOON,
        )

    def reply(actor):
        return act(checking.reply, actor=actor, now=NOON, point_id=point.id, text=actor.name)

    done = in_turn(reply(oak.head), reply(oak.writer))

    assert refusals(done.both) == [checking.AlreadyReplied]
    assert events("provider.replied") == 1


@pytest.mark.off_switch("application-rows-of-asking")
def test_two_officers_asking_the_same_people_together_ask_them_once(oak):
    application = oak.submitted()
    people = [one.person_id for one in oak.graders]

    done = in_turn(
        of_joining(application, evaluators.ask_evaluators, oak.officer, person_ids=people),
        of_joining(application, evaluators.ask_evaluators, oak.second, person_ids=people),
    )

    assert refusals(done.both) == []
    with acting_as(BOSS):
        assert Evaluator.objects.count() == 2


@pytest.fixture
def ready(oak):
    """The first evaluator has graded everything, and handed nothing in."""
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    evaluation.grade_all(application.joining_id, oak.graders[0], hand_in=False)
    return application


def handing_in(oak, application):
    return of_joining(application, grading.hand_in_grades, oak.graders[0])


def releasing(oak):
    with acting_as(BOSS):
        row = Evaluator.objects.get(person_id=oak.graders[0].person_id)
    return act(
        evaluators.release_evaluator,
        actor=oak.officer,
        now=NOON,
        evaluator_id=row.id,
        reason="Late.",
    )


@pytest.mark.off_switch("evaluator-row")
def test_whoever_is_being_released_hands_nothing_in(oak, ready):
    done = in_turn(releasing(oak), handing_in(oak, ready))

    assert refusals(done.both) == [evaluators.Released]
    assert (events("evaluator.released"), events("grades.handed_in")) == (1, 0)


@pytest.mark.off_switch("evaluator-row-of-releasing")
def test_nobody_is_released_who_is_handing_in(oak, ready):
    done = in_turn(handing_in(oak, ready), releasing(oak))

    assert refusals(done.both) == [evaluators.HasHandedIn]
    assert (events("evaluator.released"), events("grades.handed_in")) == (0, 1)


@pytest.mark.off_switch("application-row-of-grading")
def test_two_officers_agreeing_together_make_one_grade(oak):
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    for one in oak.graders:
        evaluation.grade_all(application.joining_id, one)
    found = evaluation.statements(application.joining_id)
    answer_id = next(one for one in found if not one.is_for_panel).answer.id

    def agree(actor, grade):
        return act(
            agreeing.agree, actor=actor, now=NOON, answer_id=answer_id, grade=grade, reason="Read."
        )

    done = in_turn(agree(oak.officer, 3), agree(oak.second, 4))

    assert refusals(done.both) == [agreeing.AgreedMeanwhile]
    assert events("statement.agreed") == 1
    with acting_as(BOSS):
        assert AgreedGrade.objects.get().grade == 3


@pytest.mark.off_switch("application-row-of-moderating")
def test_two_officers_closing_the_grading_together_close_it_once(oak):
    application = oak.graded()

    done = in_turn(
        on(application, agreeing.moderate, oak.officer),
        on(application, agreeing.moderate, oak.second),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert events("application.moderated") == 1


@pytest.mark.off_switch("application-row-of-grading-again")
def test_what_is_being_decided_is_not_opened_again(oak):
    application = oak.moderated()

    done = in_turn(
        on(application, deciding.decide, oak.second, qualifies=True, reason="Read."),
        on(application, agreeing.grade_again, oak.officer, reason="Again."),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert events("application.opened_again") == 0
    with acting_as(BOSS):
        assert Application.objects.get().state == "qualified"
