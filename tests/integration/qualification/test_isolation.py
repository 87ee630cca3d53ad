"""What the database shows of applications to whom, with the application's filters off."""

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import REGION_ID, Kind, Role, public, system
from dps.models import OwedJob
from dps.tenancy.identity import acting_as
from qualification.models import Answer, Application, CompetencyScore, CoreCostLine
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
TABLES = {
    "application": "qualification_application",
    "answer": "qualification_answer",
    "cost": "qualification_corecostline",
    "grade": "qualification_statementgrade",
    "score": "qualification_competencyscore",
    "suspension": "qualification_suspension",
}


@pytest.fixture
def oak(region):
    return make_applying(region)


def counts(actor):
    """Rows that the actor's role sees in each table, by plain SQL; None where it may not look."""
    found = {}
    with acting_as(actor):
        for name, table in TABLES.items():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(*) FROM {table}")
                    found[name] = cursor.fetchone()[0]
            except DatabaseError:
                found[name] = None
    return found


NOTHING = dict.fromkeys(TABLES, 0)


@pytest.mark.off_switch("provider-reads-its-own-application")
def test_a_rival_reads_nothing(oak):
    oak.decided()
    rival = make_applying(oak.region, "Rival Trust")

    assert counts(rival.head) == NOTHING
    assert counts(oak.writer) == {
        "application": 1,
        "answer": 9,
        "cost": 9,
        "grade": 4,
        "score": 1,
        "suspension": 0,
    }


def test_grades_are_hidden_from_the_provider_until_the_decision(oak):
    oak.graded()

    assert counts(oak.head)["grade"] == 0


@pytest.mark.off_switch("central-reads-what-was-sent")
def test_the_central_team_reads_nothing_of_a_draft(oak):
    application = oak.start()
    oak.complete(application)

    assert counts(oak.officer) == NOTHING


def test_councils_read_the_score_and_the_suspension_alone(oak):
    oak.decided()
    seen = counts(make_person(Role.COMMISSIONER, authority=oak.region.east))

    assert seen == dict.fromkeys(TABLES) | {"score": 1, "suspension": 0}


def test_the_public_reads_nothing(oak):
    oak.decided()

    assert counts(public()) == dict.fromkeys(TABLES)


def write(actor, sql, *values):
    with acting_as(actor), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


@pytest.mark.off_switch("application-undecided-by-provider")
def test_a_provider_cannot_decide_on_itself(oak):
    oak.submitted()
    decided = "decided_at = now(), decided_by_id = submitted_by_id, decision_reason = 'x'"
    for change in (f"state = 'qualified', {decided}", "score = 10000"):
        with pytest.raises(DatabaseError, match="row-level security"):
            write(oak.head, f"UPDATE qualification_application SET {change}")


@pytest.mark.off_switch("answers-stand-once-sent")
def test_a_provider_cannot_change_what_it_sent(oak):
    oak.submitted()

    assert write(oak.head, "UPDATE qualification_answer SET text = 'other'") == 0
    assert write(oak.head, "DELETE FROM qualification_corecostline") == 0


def test_a_provider_cannot_write_into_a_rival_s_draft(oak):
    application = oak.start()
    oak.complete(application)
    rival = make_applying(oak.region, "Rival Trust")

    assert write(rival.head, "UPDATE qualification_answer SET text = 'other'") == 0
    with acting_as(BOSS):
        answer = Answer.objects.filter(application=application).first()
        Answer.objects.filter(pk=answer.pk).delete()
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(rival.head):
        Answer.objects.create(
            provider=rival.provider,
            application_id=application.id,
            criterion_id=answer.criterion_id,
            changed_at=NOON,
        )


def test_the_central_team_owes_other_authorities_nothing_but_news_of_suspensions(oak):
    for job, may in (
        ("qualification.tell_authority_of_suspension", True),
        ("referrals.open_everything", False),
    ):
        owed = OwedJob(authority_id=oak.region.east.id, job=job, key=job, due_at=NOON)
        if may:
            with acting_as(oak.officer):
                OwedJob.objects.bulk_create([owed])
        else:
            with (
                pytest.raises(DatabaseError, match="row-level security"),
                acting_as(oak.officer),
            ):
                OwedJob.objects.bulk_create([owed])


@pytest.mark.parametrize("kind", [Kind.AUTHORITY, Kind.PROVIDER])
def test_only_the_central_team_and_the_system_set_scores(oak, kind):
    oak.decided()
    actor = oak.head
    if kind is Kind.AUTHORITY:
        actor = make_person(Role.COMMISSIONER, authority=oak.region.east)

    with pytest.raises(DatabaseError, match="permission denied"), acting_as(actor):
        CompetencyScore.objects.update(score=10_000)
    with acting_as(BOSS):
        assert CompetencyScore.objects.get().score == 80_00
        assert (Application.objects.count(), CoreCostLine.objects.count()) == (1, 9)
