"""Moderation: the agreed grade, the panel's, closing the grading and opening it again."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, system
from dps.refusals import IllegalTransition, NotFound, NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import AgreedGrade, Application
from qualification.services import agreeing
from qualification.services.grading import NotAGrade
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying, verbs
from tests.integration.qualification.test_checking import several

BOSS = system(REGION_ID)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def graded(oak):
    """All grades are in: 4 by one evaluator, 2 by the other."""
    return all_in(oak, oak.checked())


def all_in(oak, application, marks=(4, 2)):
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    for grader, mark in zip(oak.graders, marks, strict=True):
        evaluation.grade_all(application.joining_id, grader, grade=mark)
    return application


def statement(application, code):
    found = evaluation.statements(application.joining_id)
    return next(one for one in found if one.question.code == code)


def panel_s(application):
    found = evaluation.statements(application.joining_id)
    return next(one for one in found if one.is_for_panel)


def agree(oak, one, grade=3, **given):
    usual = {"reason": "Good, with gaps.", "note": "We met and read it again."}
    actor = given.pop("actor", oak.officer)
    with acting_as(actor):
        return agreeing.agree(
            answer_id=one.answer.id, grade=grade, actor=actor, now=NOON, **usual | given
        )


def for_panel(oak, one, grade=5, *, actor=None, reason="They listen."):
    actor = actor or oak.officer
    with acting_as(actor):
        return agreeing.grade_for_panel(
            answer_id=one.answer.id, grade=grade, reason=reason, actor=actor, now=NOON
        )


def moderate(oak, application, *, actor=None):
    actor = actor or oak.officer
    with acting_as(actor):
        return agreeing.moderate(application_id=application.id, actor=actor, now=NOON)


def reopen(oak, application, *, reason="A page was missing.", actor=None):
    actor = actor or oak.officer
    with acting_as(actor):
        return agreeing.grade_again(
            application_id=application.id, reason=reason, actor=actor, now=LATER
        )


def agreed_rows():
    with acting_as(BOSS):
        return list(AgreedGrade.objects.order_by("id").values_list("grade", "is_of_panel"))


def test_the_agreed_grade_carries_its_reason_and_its_note(oak, graded):
    made = agree(oak, statement(graded, "workforce"))

    assert (made.grade, made.reason, made.note, made.agreed_by_id, made.is_of_panel) == (
        3,
        "Good, with gaps.",
        "We met and read it again.",
        oak.officer.person_id,
        False,
    )
    assert verbs()[-1] == "statement.agreed"


def test_grades_two_apart_need_a_note(oak, graded):
    one = statement(graded, "workforce")
    assert (one.spread, one.is_far_apart) == (2, True)
    before = verbs()

    with pytest.raises(agreeing.NoteMissing):
        agree(oak, one, note=" ")

    assert (agreed_rows(), verbs()) == ([], before)


def test_grades_one_apart_need_none(oak):
    application = all_in(oak, oak.checked(), marks=(4, 3))

    agree(oak, statement(application, "workforce"), note="")

    assert agreed_rows() == [(3, False)]


def test_nothing_is_agreed_before_all_grades_are_in(oak):
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    evaluation.grade_all(application.joining_id, oak.graders[0])
    evaluation.grade_all(application.joining_id, oak.graders[1], hand_in=False)

    with pytest.raises(agreeing.GradesStillOut):
        agree(oak, statement(application, "workforce"))

    assert agreed_rows() == []


@pytest.mark.parametrize(
    ("grade", "given", "refusal"),
    [
        (6, {}, NotAGrade),
        (-1, {}, NotAGrade),
        (3, {"reason": " "}, agreeing.ReasonMissing),
    ],
)
def test_an_agreed_grade_that_cannot_stand_changes_nothing(oak, graded, grade, given, refusal):
    before = verbs()

    with pytest.raises(refusal):
        agree(oak, statement(graded, "workforce"), grade, **given)

    assert (agreed_rows(), verbs()) == ([], before)


def test_an_officer_changes_what_they_have_seen_alone(oak, graded):
    one = statement(graded, "workforce")
    first = agree(oak, one)

    with pytest.raises(agreeing.AgreedMeanwhile):
        agree(oak, one, 4, actor=oak.second)
    agree(oak, one, 4, seen=first.agreed_at, actor=oak.second)

    assert agreed_rows() == [(4, False)]


def test_the_panel_s_grade_is_its_own_and_no_evaluator_s(oak, graded):
    made = for_panel(oak, panel_s(graded))

    assert (made.grade, made.reason, made.is_of_panel) == (5, "They listen.", True)
    with pytest.raises(NotFound):
        for_panel(oak, statement(graded, "workforce"))
    with pytest.raises(NotFound):
        agree(oak, panel_s(graded))


def test_the_panel_may_grade_before_the_evaluators(oak):
    application = oak.checked()

    for_panel(oak, panel_s(application), 2)

    assert agreed_rows() == [(2, True)]


def test_the_grading_is_closed_when_all_is_agreed(oak, graded):
    agree(oak, statement(graded, "workforce"))
    with pytest.raises(agreeing.NotAllAgreed) as refused:
        moderate(oak, graded)
    assert "Workforce" not in str(refused.value)
    with acting_as(oak.officer):
        for one in evaluation.statements(graded.joining_id):
            if one.agreed is None and not one.is_for_panel:
                agree(oak, one)
    for_panel(oak, panel_s(graded))

    closed = moderate(oak, graded)

    assert (closed.state, closed.moderated_by_id, closed.moderated_at) == (
        "moderated",
        oak.officer.person_id,
        NOON,
    )
    assert verbs()[-1] == "application.moderated"
    with pytest.raises(IllegalTransition):
        moderate(oak, graded)


def test_a_grade_that_has_counted_is_not_changed(oak):
    application = oak.moderated()
    with acting_as(BOSS):
        agreed = AgreedGrade.objects.filter(is_of_panel=False).first()
    before = verbs()

    with acting_as(oak.officer), pytest.raises(agreeing.NotBeingGraded):
        agreeing.agree(
            answer_id=agreed.answer_id, grade=1, reason="Worse.", actor=oak.officer, now=NOON
        )

    assert verbs() == before
    reopen(oak, application)
    with acting_as(oak.officer):
        changed = agreeing.agree(
            answer_id=agreed.answer_id,
            grade=1,
            reason="Worse.",
            seen=agreed.agreed_at,
            actor=oak.officer,
            now=LATER,
        )
    assert changed.grade == 1


def test_a_grade_shared_with_a_moderated_application_is_not_changed(oak):
    made = several(oak, 2)
    oak.grade(made[0])
    evaluation.pass_stage_one(made[1], actor=oak.officer)
    moderate(oak, made[0])
    with acting_as(BOSS):
        agreed = AgreedGrade.objects.filter(is_of_panel=False).first()

    with acting_as(oak.officer), pytest.raises(agreeing.HasCounted):
        agreeing.agree(
            answer_id=agreed.answer_id,
            grade=1,
            reason="Worse.",
            seen=agreed.agreed_at,
            actor=oak.officer,
            now=NOON,
        )


def test_an_application_whose_statements_are_agreed_already_goes_through(oak):
    made = several(oak, 2)
    oak.grade(made[0])
    evaluation.pass_stage_one(made[1], actor=oak.officer)

    assert [moderate(oak, one).state for one in made] == ["moderated", "moderated"]


def test_opening_again_needs_a_reason_and_a_moderated_application(oak):
    application = oak.moderated()
    before = verbs()
    with pytest.raises(agreeing.ReasonMissing):
        reopen(oak, application, reason=" ")
    assert verbs() == before

    opened = reopen(oak, application)

    assert (opened.state, opened.moderated_at, opened.moderated_by_id) == (
        "evaluation",
        None,
        None,
    )
    assert verbs()[-1] == "application.opened_again"
    with pytest.raises(IllegalTransition):
        reopen(oak, application)


def test_only_officers_moderate(oak, graded):
    before = verbs()
    one, of_panel = statement(graded, "workforce"), panel_s(graded)

    for actor in (oak.head, oak.graders[0]):
        with pytest.raises(NotPermitted):
            agree(oak, one, actor=actor)
        with pytest.raises(NotPermitted):
            for_panel(oak, of_panel, actor=actor)
        with pytest.raises(NotPermitted):
            moderate(oak, graded, actor=actor)
        with pytest.raises(NotPermitted):
            reopen(oak, graded, actor=actor)

    with acting_as(BOSS):
        assert Application.objects.get().state == "evaluation"
    assert verbs() == before
