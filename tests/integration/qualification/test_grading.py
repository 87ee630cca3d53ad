"""Grading alone: what is saved, handed in and refused."""

import pytest

from dps.actors import REGION_ID, system
from dps.models import AuditEvent
from dps.refusals import NotFound, NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import Answer, Evaluator, Grade
from qualification.services import evaluators, grading
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying, verbs
from tests.integration.qualification.test_checking import several

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def graded(oak):
    """An application at the stage of grading; two evaluators have declared no conflict."""
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    return application


def answer_to(code):
    with acting_as(BOSS):
        return Answer.objects.get(question__code=code)


def save(actor, code, grade, *, reason="Clear.", kept=False):
    answer = answer_to(code)
    with acting_as(actor):
        act = grading.keep_grade if kept else grading.save_grade
        return act(answer_id=answer.id, grade=grade, reason=reason, actor=actor, now=NOON)


def hand_in(actor, application):
    with acting_as(actor):
        return grading.hand_in_grades(joining_id=application.joining_id, actor=actor, now=NOON)


def grades():
    with acting_as(BOSS):
        rows = Grade.objects.order_by("answer__question__code", "graded_by__name")
        return list(rows.values_list("answer__question__code", "grade", "reason"))


def test_a_grade_is_saved_and_changed_until_it_is_handed_in(oak, graded):
    save(oak.graders[0], "workforce", 3)

    save(oak.graders[0], "workforce", 4, reason="Read again.")

    assert grades() == [("workforce", 4, "Read again.")]
    assert verbs()[-1] == "statement.graded"


def test_the_trail_does_not_give_the_grade_away(oak, graded):
    save(oak.graders[0], "workforce", 3)

    with acting_as(BOSS):
        facts = AuditEvent.objects.order_by("id").last().body
    assert '"grade"' not in facts
    assert "workforce" in facts


def test_what_is_typed_is_kept_half_done_without_an_event(oak, graded):
    before = verbs()

    save(oak.graders[0], "workforce", None, reason="It says", kept=True)
    save(oak.graders[0], "workforce", 2, reason="", kept=True)

    assert (grades(), verbs()) == ([("workforce", 2, "")], before)


def test_handing_in_needs_every_statement_whole(oak, graded):
    save(oak.graders[0], "workforce", 3)
    save(oak.graders[0], "outcomes", 3, reason="", kept=True)
    before = verbs()

    with pytest.raises(grading.GradesMissing):
        hand_in(oak.graders[0], graded)

    with acting_as(BOSS):
        assert not Grade.objects.filter(handed_in_at__isnull=False).exists()
    assert verbs() == before


def test_what_is_handed_in_is_final(oak, graded):
    evaluation.grade_all(graded.joining_id, oak.graders[0])
    assert verbs()[-1] == "grades.handed_in"
    before = (grades(), verbs())

    with pytest.raises(grading.HandedIn):
        save(oak.graders[0], "workforce", 1)
    with pytest.raises(grading.HandedIn):
        save(oak.graders[0], "workforce", 1, kept=True)
    with pytest.raises(grading.GradingIsOver):
        hand_in(oak.graders[0], graded)

    assert (grades(), verbs()) == before


def test_an_answer_common_to_three_is_graded_once(oak):
    made = several(oak, 3)
    for one in made:
        evaluation.pass_stage_one(one, actor=oak.officer)
    joining_id = made[0].joining_id
    evaluation.ask(joining_id, oak.graders, actor=oak.officer)

    for one in oak.graders:
        evaluation.grade_all(joining_id, one)

    by_evaluators = [one for one in evaluation.statements(joining_id) if not one.is_for_panel]
    assert len(grades()) == 2 * len(by_evaluators)
    assert {len(one.applications) for one in by_evaluators} == {3}


def test_nobody_grades_before_stage_1_is_passed(oak):
    application = oak.submitted()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)

    with pytest.raises(grading.GradingIsOver):
        save(oak.graders[0], "workforce", 3)

    assert grades() == []


def test_nobody_grades_before_declaring(oak):
    application = oak.checked()
    with acting_as(oak.officer):
        evaluators.ask_evaluators(
            joining_id=application.joining_id,
            person_ids=[one.person_id for one in (oak.second, oak.officer)],
            actor=oak.officer,
            now=NOON,
        )

    with pytest.raises(evaluators.DeclareFirst):
        save(oak.second, "workforce", 3)


def test_the_panel_s_question_is_not_the_evaluators(oak, graded):
    with acting_as(BOSS):
        panel = next(one for one in evaluation.statements(graded.joining_id) if one.is_for_panel)

    with pytest.raises(Answer.DoesNotExist):
        save(oak.graders[0], panel.question.code, 3)


@pytest.mark.parametrize(
    ("mark", "reason", "refusal"),
    [
        (6, "Clear.", grading.NotAGrade),
        (-1, "Clear.", grading.NotAGrade),
        (3, " ", grading.ReasonMissing),
    ],
)
def test_a_grade_that_cannot_stand_changes_nothing(oak, graded, mark, reason, refusal):
    before = verbs()

    with pytest.raises(refusal):
        save(oak.graders[0], "workforce", mark, reason=reason)

    assert (grades(), verbs()) == ([], before)


def test_whoever_was_released_or_not_asked_grades_nothing(oak, graded):
    with acting_as(BOSS):
        Evaluator.objects.filter(person_id=oak.graders[0].person_id).update(released_at=NOON)
    with pytest.raises(Answer.DoesNotExist):
        save(oak.graders[0], "workforce", 3)
    with pytest.raises(NotFound):
        save(oak.second, "workforce", 3)
    with pytest.raises(NotPermitted):
        hand_in(oak.head, graded)

    assert grades() == []
