"""What the database shows of applications to whom, with the application's filters off."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import REGION_ID, Kind, Role, public, system
from dps.models import OwedJob
from dps.tenancy.identity import acting_as
from qualification.models import (
    Answer,
    Application,
    CompetencyScore,
    CoreCostLine,
    SentAnswer,
)
from qualification.services.applying import submit_application
from qualification.services.declaring import NewGround, declare_grounds
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
TABLES = {
    name: f"qualification_{name}"
    for name in (
        "joining",
        "application",
        "answer",
        "sentanswer",
        "ground",
        "corecostline",
        "discount",
        "check",
        "pointtoclear",
        "agreedgrade",
        "competencyscore",
        "suspension",
    )
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


def declare(oak, application):
    ground = NewGround("tax_offences", "organisation", in_uk=True, description="It was paid.")
    with acting_as(oak.head):
        declare_grounds(
            joining_id=application.joining_id,
            grounds=[replace(ground, put_right="Paid.")],
            actor=oak.head,
            now=NOON,
        )


@pytest.mark.off_switch("provider-reads-its-own-application")
def test_a_rival_reads_nothing(oak):
    oak.decided()
    declare(oak, oak.start(establishment=oak.another_establishment("Oak Annexe").id))
    rival = make_applying(oak.region, "Rival Trust")

    seen = counts(oak.writer)
    assert {name for name, number in seen.items() if number} == {
        "joining",
        "application",
        "answer",
        "sentanswer",
        "ground",
        "corecostline",
        "check",
        "agreedgrade",
        "competencyscore",
    }
    assert counts(rival.head) == NOTHING


def test_what_the_team_finds_is_hidden_from_the_provider_until_the_decision(oak):
    oak.graded()

    seen = counts(oak.head)
    assert (seen["agreedgrade"], seen["check"]) == (0, 0)


@pytest.mark.off_switch("central-reads-what-was-sent")
def test_the_central_team_reads_nothing_of_a_draft(oak):
    application = oak.start()
    oak.complete(application)
    declare(oak, application)

    assert counts(oak.officer) == NOTHING


def test_councils_read_the_score_and_the_suspension_alone(oak):
    oak.decided()
    seen = counts(make_person(Role.COMMISSIONER, authority=oak.region.east))

    assert {name for name, number in seen.items() if number} == {"competencyscore"}


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


def sent_with_a_ground(oak):
    application = oak.start()
    oak.complete(application)
    declare(oak, application)
    with acting_as(oak.head):
        return submit_application(application_id=application.id, actor=oak.head, now=NOON)


@pytest.mark.off_switch("answers-stand-once-sent")
def test_a_provider_cannot_change_what_it_sent(oak):
    sent_with_a_ground(oak)

    assert write(oak.head, "UPDATE qualification_answer SET text = 'other'") == 0
    assert write(oak.head, "UPDATE qualification_answer SET sent_at = NULL") == 0


def test_a_provider_cannot_delete_what_it_sent(oak):
    sent_with_a_ground(oak)
    with acting_as(BOSS):
        before = Answer.objects.count()

    assert write(oak.head, "DELETE FROM qualification_answer") == 0
    assert write(oak.head, "DELETE FROM qualification_corecostline") == 0
    with acting_as(BOSS):
        assert Answer.objects.count() == before


@pytest.mark.off_switch("grounds-stand-once-sent")
def test_a_provider_cannot_rewrite_the_grounds_that_it_sent(oak):
    sent_with_a_ground(oak)

    assert write(oak.head, "UPDATE qualification_ground SET put_right = 'other'") == 0
    assert write(oak.head, "DELETE FROM qualification_ground") == 0


def test_a_provider_cannot_take_back_which_answer_it_sent(oak):
    oak.submitted()

    for change in (
        "UPDATE qualification_sentanswer SET answer_id = answer_id",
        "DELETE FROM qualification_sentanswer",
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            write(oak.head, change)


def test_a_provider_writes_into_no_rival_s_draft(oak):
    application = oak.start()
    oak.complete(application)
    rival = make_applying(oak.region, "Rival Trust")

    for change in (
        "UPDATE qualification_answer SET text = 'other'",
        "DELETE FROM qualification_answer",
        "DELETE FROM qualification_ground",
        "UPDATE qualification_application SET state = 'withdrawn'",
        "UPDATE qualification_joining SET grounds_declared_at = now()",
    ):
        assert write(rival.head, change) == 0
    with acting_as(BOSS):
        question_id = Answer.objects.values_list("question_id", flat=True).first()
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(rival.head):
        Answer.objects.create(
            provider=oak.provider,
            joining_id=application.joining_id,
            question_id=question_id,
            establishment=oak.establishment,
            changed_at=NOON,
        )


@pytest.mark.off_switch("sent-answers-are-written-in-drafts")
def test_a_provider_adds_no_answer_to_what_was_sent(oak):
    theirs = oak.submitted()
    with acting_as(BOSS):
        sent = SentAnswer.objects.filter(application=theirs).first()
        SentAnswer.objects.filter(pk=sent.pk).delete()

    refused = False
    try:
        with acting_as(oak.head):
            SentAnswer.objects.create(
                provider=oak.provider,
                application=theirs,
                criterion_id=sent.criterion_id,
                answer_id=sent.answer_id,
            )
    except DatabaseError as problem:
        refused = "row-level security" in str(problem)
    assert refused


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
