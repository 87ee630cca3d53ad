"""Who sees which grades, checks and conflicts, with the application's filters off."""

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import REGION_ID, Role, public, system
from dps.models import AuditEvent, OwedJob
from dps.tenancy.identity import acting_as
from qualification.models import AgreedGrade, Answer, Evaluator, Grade
from qualification.services import checking
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
TABLES = {
    "joining": "qualification_joining",
    "application": "qualification_application",
    "answer": "qualification_answer",
    "sent": "qualification_sentanswer",
    "cost": "qualification_corecostline",
    "ground": "qualification_ground",
    "check": "qualification_check",
    "point": "qualification_pointtoclear",
    "evaluator": "qualification_evaluator",
    "grade": "qualification_grade",
    "agreed": "qualification_agreedgrade",
}
PRIVATE = ("check", "point", "evaluator", "grade", "agreed")


@pytest.fixture
def oak(region):
    return make_applying(region)


def counts(actor, *names):
    """Rows that the actor's role sees in each table, by plain SQL; None where it may not look."""
    found = {}
    with acting_as(actor):
        for name in names or TABLES:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(*) FROM {TABLES[name]}")
                    found[name] = cursor.fetchone()[0]
            except DatabaseError:
                found[name] = None
    return found


def write(actor, sql, *values):
    with acting_as(actor), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def by_evaluators(joining_id):
    return [one for one in evaluation.statements(joining_id) if not one.is_for_panel]


@pytest.fixture
def half(oak):
    """Two are asked and have graded; the first has handed in, the second has not."""
    application = oak.checked()
    evaluation.ask(application.joining_id, (oak.graders[0], oak.second), actor=oak.officer)
    evaluation.grade_all(application.joining_id, oak.graders[0])
    evaluation.grade_all(application.joining_id, oak.second, hand_in=False)
    return application


@pytest.mark.off_switch("statement-grades-are-blind")
def test_nobody_reads_another_s_grade_before_all_are_in(oak, half):
    number = len(by_evaluators(half.joining_id))

    seen = {
        "first": counts(oak.graders[0], "grade"),
        "second": counts(oak.second, "grade"),
        "moderator": counts(oak.officer, "grade"),
        "manager": counts(make_person(Role.DPS_MANAGER, authority=oak.region.west), "grade"),
    }

    assert {who: rows["grade"] for who, rows in seen.items()} == {
        "first": number,
        "second": number,
        "moderator": 0,
        "manager": 0,
    }


@pytest.mark.off_switch("councils-read-own-statement-grades")
def test_the_team_reads_all_grades_when_all_are_in_and_councils_their_own(oak, half):
    number = len(by_evaluators(half.joining_id))
    evaluation.grade_all(half.joining_id, oak.second)

    assert counts(oak.officer, "grade")["grade"] == 2 * number
    assert counts(oak.second, "grade")["grade"] == 2 * number
    assert counts(oak.graders[0], "grade")["grade"] == number


@pytest.mark.off_switch("agreed-by-nobody-who-is-blind")
def test_a_grade_is_agreed_in_the_database_by_nobody_who_is_blind(oak, half):
    answer = by_evaluators(half.joining_id)[0].answer
    row = AgreedGrade(
        provider=oak.provider,
        answer=answer,
        grade=3,
        reason="x",
        agreed_by_id=oak.officer.person_id,
        agreed_at=NOON,
    )

    with pytest.raises(DatabaseError, match="row-level security"), acting_as(oak.officer):
        row.save(force_insert=True)


@pytest.mark.off_switch("statement-grades-stand-once-handed-in")
def test_a_grade_that_was_handed_in_is_changed_by_nobody(oak, half):
    assert write(oak.graders[0], "UPDATE qualification_grade SET grade = 5") == 0
    evaluation.grade_all(half.joining_id, oak.second)
    for actor in (oak.officer, oak.second):
        assert write(actor, "UPDATE qualification_grade SET grade = 5") == 0


@pytest.mark.off_switch("statement-grades-in-own-name")
def test_nobody_grades_in_another_s_name_or_unasked(oak, half):
    answer = by_evaluators(half.joining_id)[0].answer
    for actor, name in ((oak.graders[1], oak.graders[1]), (oak.officer, oak.graders[1])):
        row = Grade(
            provider=oak.provider,
            answer=answer,
            graded_by_id=name.person_id,
            grade=5,
            reason="x",
            changed_at=NOON,
        )
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(actor):
            row.save(force_insert=True)


@pytest.mark.off_switch("evaluators-read-what-they-were-asked-for")
def test_an_evaluator_of_a_council_sees_the_statements_they_were_asked_for_alone(oak):
    application = oak.checked()
    other = make_applying(oak.region, "Elm Trust").checked()
    grader = oak.graders[0]
    assert not counts(grader, "cost")["cost"]
    names = [name for name in TABLES if name != "cost"]
    nothing = dict.fromkeys(names, 0) | dict.fromkeys(("ground", "check", "point", "agreed"))
    assert counts(grader, *names) == nothing

    evaluation.ask(application.joining_id, oak.graders, actor=oak.officer)

    number = len(by_evaluators(application.joining_id))
    assert counts(grader, *names) == nothing | {
        "joining": 1,
        "application": 1,
        "answer": number,
        "sent": number,
        "evaluator": 1,
    }
    with acting_as(grader):
        assert {one.question.kind for one in Answer.objects.select_related("question")} == {
            "statement"
        }
        assert not Answer.objects.filter(joining_id=other.joining_id).exists()


def test_before_declaring_an_evaluator_sees_only_who_applies(oak):
    application = oak.checked()
    with acting_as(BOSS):
        Evaluator.objects.create(
            provider=oak.provider,
            joining_id=application.joining_id,
            person_id=oak.graders[0].person_id,
            asked_by_id=oak.officer.person_id,
            asked_at=NOON,
        )

    seen = counts(oak.graders[0], "joining", "application", "answer", "sent", "grade")

    assert seen == {"joining": 1, "application": 0, "answer": 0, "sent": 0, "grade": 0}


@pytest.mark.off_switch("released-evaluators-stay-released")
def test_whoever_is_released_sees_no_statement_and_does_not_come_back(oak, half):
    with acting_as(BOSS):
        Evaluator.objects.filter(person_id=oak.graders[0].person_id).update(
            has_conflict=True, conflict="x", released_at=NOON
        )

    assert counts(oak.graders[0], "application", "answer") == {"application": 0, "answer": 0}
    again = "UPDATE qualification_evaluator SET released_at = NULL, has_conflict = false"
    assert write(oak.graders[0], again) == 0


def test_the_provider_and_its_rivals_see_nothing_before_the_decision(oak, half):
    with acting_as(oak.officer):
        checking.ask_provider(
            application_id=half.id,
            code="insurances",
            text="Why?",
            reply_by=NOON.date().replace(day=20),
            actor=oak.officer,
            now=NOON,
        )
    rival = make_applying(oak.region, "Rival Trust")

    # Neither who grades nor any grade is a provider's business at any time.
    usual = {"check": 0, "evaluator": None, "grade": None, "agreed": 0}
    assert counts(oak.head, *PRIVATE) == usual | {"point": 1}
    assert counts(rival.head, *PRIVATE) == usual | {"point": 0}
    assert counts(public(), *PRIVATE) == dict.fromkeys(PRIVATE)


def test_after_the_decision_the_provider_reads_what_was_found_and_agreed(oak):
    oak.decided(qualifies=False)
    rival = make_applying(oak.region, "Rival Trust")

    seen, unseen = counts(oak.head, *PRIVATE), counts(rival.head, *PRIVATE)

    assert (seen["agreed"], seen["grade"], seen["evaluator"]) == (4, None, None)
    assert seen["check"] > 0
    assert (unseen["agreed"], unseen["check"]) == (0, 0)


@pytest.mark.off_switch("replies-stand")
def test_a_reply_is_not_rewritten(oak):
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
    with acting_as(oak.head):
        checking.reply(point_id=point.id, text="So.", actor=oak.head, now=NOON)

    assert write(oak.head, "UPDATE qualification_pointtoclear SET reply = 'Otherwise'") == 0


def test_evaluators_of_councils_write_into_the_region_s_trail_what_they_may_alone(oak):
    grader = oak.graders[0]
    owed = OwedJob(authority_id=REGION_ID, job="contracts.make_agreement", key="x", due_at=NOON)
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(grader):
        OwedJob.objects.bulk_create([owed])
    for action, person in (
        ("application.qualified", grader.person_id),
        ("evaluator.declared", oak.graders[1].person_id),
    ):
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(grader):
            AuditEvent.objects.create(
                authority_id=REGION_ID,
                at=NOON,
                actor_name="x",
                actor_kind="authority",
                person_id=person,
                action=action,
                subject_type="x",
                subject_id="x",
                body="{}",
            )
