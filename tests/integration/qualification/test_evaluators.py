"""Asking people to grade, conflicts of interest, and going on without somebody."""

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import Message, OwedJob
from dps.outbox.jobs import perform
from dps.refusals import NotPermitted, NotUnderstood
from dps.tenancy.identity import acting_as
from qualification.models import Evaluator
from qualification.services import evaluators
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying, verbs

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def ask(oak, application, *people, actor=None):
    actor = actor or oak.officer
    with acting_as(actor):
        return evaluators.ask_evaluators(
            joining_id=application.joining_id,
            person_ids=[one.person_id for one in people],
            actor=actor,
            now=NOON,
        )


def declare(application, actor, *, conflict=""):
    with acting_as(actor):
        return evaluators.declare(
            joining_id=application.joining_id,
            has_conflict=bool(conflict),
            conflict=conflict,
            actor=actor,
            now=NOON,
        )


def release(oak, row, *, reason="On leave.", actor=None):
    actor = actor or oak.officer
    with acting_as(actor):
        return evaluators.release_evaluator(
            evaluator_id=row.id, reason=reason, actor=actor, now=NOON
        )


def row_of(actor):
    with acting_as(BOSS):
        return Evaluator.objects.get(person_id=actor.person_id)


def told(template):
    with acting_as(BOSS):
        rows = Message.objects.filter(template=f"qualification/{template}")
        return set(rows.values_list("to_person_id", flat=True))


def do_owed(job):
    """Do what is owed of one kind, as the worker would."""
    with acting_as(BOSS):
        owed = list(OwedJob.objects.filter(job=job).order_by("id"))
        for one in owed:
            perform(one.job, one.ids, actor=BOSS, now=NOON)
    return len(owed)


def test_officers_and_evaluators_of_any_council_are_asked_and_told(oak):
    application = oak.submitted()

    made = ask(oak, application, oak.second, *oak.graders)

    assert {one.person_id for one in made} == {
        oak.second.person_id,
        *(one.person_id for one in oak.graders),
    }
    assert told("asked_to_grade") == {one.person_id for one in made}
    assert verbs()[-1] == "evaluators.asked"


def test_two_at_least_grade(oak):
    application = oak.submitted()
    before = verbs()

    with pytest.raises(evaluators.TooFew):
        ask(oak, application, oak.graders[0])

    assert verbs() == before
    ask(oak, application, *oak.graders)
    assert len(ask(oak, application, oak.second)) == 1


def test_nobody_is_asked_twice(oak):
    application = oak.submitted()
    ask(oak, application, *oak.graders)

    again = ask(oak, application, *oak.graders, oak.second)

    assert [one.person_id for one in again] == [oak.second.person_id]


def test_only_those_who_may_grade_are_asked(oak):
    application = oak.submitted()
    for stranger in (
        oak.head,
        make_person(Role.COMMISSIONER, authority=oak.region.east),
        make_person(Role.DATA_ANALYST, authority=oak.region.west),
    ):
        with pytest.raises(evaluators.CannotBeAsked):
            ask(oak, application, *oak.graders, stranger)


def test_nobody_is_asked_to_grade_what_is_decided(oak):
    application = oak.decided()

    with pytest.raises(evaluators.NothingToGrade):
        ask(oak, application, oak.second, *oak.graders)


def test_nobody_is_asked_once_grades_can_be_read(oak):
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    for one in oak.graders:
        evaluation.grade_all(application.joining_id, one)

    with pytest.raises(evaluators.GradesAreOut):
        ask(oak, application, oak.second)

    evaluation.agree_all(application.joining_id, actor=oak.officer)
    assert len(ask(oak, application, oak.second)) == 1


def test_whoever_has_no_conflict_says_so_once(oak):
    application = oak.submitted()
    ask(oak, application, *oak.graders)

    mine = declare(application, oak.graders[0])

    assert (mine.has_conflict, mine.declared_at, mine.released_at) == (False, NOON, None)
    assert verbs()[-1] == "evaluator.declared"
    with pytest.raises(evaluators.AlreadyDeclared):
        declare(application, oak.graders[0])


def test_whoever_has_a_conflict_is_released_and_the_officer_is_told(oak):
    application = oak.submitted()
    ask(oak, application, *oak.graders)

    mine = declare(application, oak.graders[0], conflict="My sister works there.")

    assert (mine.has_conflict, mine.conflict, mine.released_at) == (
        True,
        "My sister works there.",
        NOON,
    )
    assert do_owed("qualification.tell_of_conflict") == 1
    assert told("evaluator_has_conflict") == {oak.officer.person_id}
    with pytest.raises(evaluators.Released):
        declare(application, oak.graders[0])
    with pytest.raises(evaluators.CannotBeAsked):
        ask(oak, application, oak.graders[0], oak.second)


def test_a_conflict_that_is_found_later_releases_too(oak):
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    evaluation.grade_all(application.joining_id, oak.graders[0])

    declare(application, oak.graders[0], conflict="I know the new owner.")

    assert row_of(oak.graders[0]).released_at == NOON


def test_a_conflict_is_described(oak):
    application = oak.submitted()
    ask(oak, application, *oak.graders)
    before = verbs()

    with acting_as(oak.graders[0]), pytest.raises(evaluators.ConflictMissing):
        evaluators.declare(
            joining_id=application.joining_id,
            has_conflict=True,
            conflict=" ",
            actor=oak.graders[0],
            now=NOON,
        )

    assert (row_of(oak.graders[0]).declared_at, verbs()) == (None, before)


def test_whoever_was_not_asked_declares_nothing(oak):
    application = oak.submitted()

    with pytest.raises(Evaluator.DoesNotExist):
        declare(application, oak.graders[0])


def test_the_team_goes_on_without_somebody_who_does_not_hand_in(oak):
    application = oak.checked()
    everybody = (*oak.graders, oak.second)
    evaluation.ask(application.joining_id, everybody, actor=oak.officer)
    for one in oak.graders:
        evaluation.grade_all(application.joining_id, one)
    assert not any(one.are_in for one in evaluation.statements(application.joining_id))

    release(oak, row_of(oak.second))

    by_evaluators = [
        one for one in evaluation.statements(application.joining_id) if not one.is_for_panel
    ]
    assert {one.are_in for one in by_evaluators} == {True}
    assert verbs()[-1] == "evaluator.released"
    assert do_owed("qualification.look_at_grades") == 3
    assert told("grades_are_in") == {oak.officer.person_id}


def test_whoever_has_handed_in_is_not_released(oak):
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    evaluation.grade_all(application.joining_id, oak.graders[0])
    before = verbs()

    with pytest.raises(evaluators.HasHandedIn):
        release(oak, row_of(oak.graders[0]))
    with pytest.raises(NotUnderstood):
        release(oak, row_of(oak.graders[1]), reason=" ")

    assert verbs() == before


def test_the_officer_is_told_once_when_the_last_hands_in(oak):
    application = oak.checked()
    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)
    evaluation.grade_all(application.joining_id, oak.graders[0])
    do_owed("qualification.look_at_grades")
    assert told("grades_are_in") == set()

    evaluation.grade_all(application.joining_id, oak.graders[1])
    do_owed("qualification.look_at_grades")

    with acting_as(BOSS):
        assert Message.objects.filter(template="qualification/grades_are_in").count() == 1


def test_only_officers_ask_and_release(oak):
    application = oak.submitted()
    ask(oak, application, *oak.graders)
    before = verbs()

    for actor in (oak.head, oak.graders[0]):
        with pytest.raises(NotPermitted):
            ask(oak, application, *oak.graders, actor=actor)
        with pytest.raises(NotPermitted):
            release(oak, row_of(oak.graders[1]), actor=actor)
    with pytest.raises(NotPermitted):
        declare(application, oak.head)

    assert verbs() == before
