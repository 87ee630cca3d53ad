"""Contract terms: versions, who is asked and reminded, who accepts, and that it is on record."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import REGION_ID, Role, public, system
from dps.models import AuditEvent
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import Acceptance, Qualification, Terms
from qualification.queries.terms import asked_of, everybody_asked, live_terms
from qualification.services import sending_terms, terms
from qualification.shipped_terms import TITLE, first_text
from qualification.terms_due import Standing
from tests.factories.asking import (
    FIRST,
    SECOND,
    TODAY,
    accept,
    letters,
    publish,
    put_on_the_list,
    settle,
)
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying, verbs

BOSS = system(REGION_ID)
DAY = timedelta(days=1)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


def listed(provider, *, on=NOON - 100 * DAY):
    return put_on_the_list(provider, on=on)


def people(*providers):
    return {each.person_id for one in providers for each in (one.head, one.writer)}


def to(template):
    return {person for person, _ in letters(template)}


def test_a_version_is_published_with_its_hash_and_sent_to_all_on_the_list(oak, manager):
    listed(oak)
    make_applying(oak.region, "Newcomer Trust")
    text = FIRST.text.replace("\n", " \r\n")
    made = publish(manager, replace(FIRST, text=text))
    settle()

    assert (made.number, made.text, made.sha256) == (1, FIRST.text, terms.fingerprint(FIRST.text))
    assert to("terms_to_accept") == people(oak)
    assert letters("terms_to_accept")[0][1] == {
        "number": 1,
        "title": "Terms for providers",
        "change": "",
        "from_date": "2 November 2026",
        "due": "30 November 2026",
    }
    assert verbs()[-1] == "terms.published"


def test_the_shipped_text_can_be_published(oak, manager):
    made = publish(manager, replace(FIRST, title=TITLE, text=first_text()))

    assert made.text == first_text()


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"title": " "}, terms.TermsNotReady, "title"),
        ({"text": " \n "}, terms.TermsNotReady, "text"),
        ({"text": "word " * 20_001}, terms.TermsNotReady, "text"),
        ({"change": ""}, terms.TermsNotReady, "change"),
        ({"change": "word " * 401}, terms.TermsNotReady, "change"),
        ({"text": FIRST.text}, terms.SameTerms, "text"),
        ({"from_date": TODAY}, terms.TermsStartTooEarly, "from_date"),
        ({"from_date": TODAY - DAY}, terms.TermsStartTooEarly, "from_date"),
        ({"accept_by": TODAY}, terms.NoTimeToAccept, "accept_by"),
        ({"after": 0}, terms.PublishedMeanwhile, ""),
        ({"after": 2}, terms.PublishedMeanwhile, ""),
    ],
)
def test_what_is_not_ready_is_refused_at_its_field(oak, manager, change, refusal, field):
    publish(manager)

    with pytest.raises(refusal) as refused:
        publish(manager, replace(SECOND, **change))
    assert refused.value.field == field
    assert publish(manager, SECOND).number == 2


@pytest.mark.off_switch("permission-of-services")
def test_who_may_publish_accept_and_remind(oak, manager):
    listed(oak)
    publish(manager)
    refused = 0
    for attempt in (
        lambda: publish(oak.second, SECOND),
        lambda: accept(oak.writer),
        lambda: accept(manager),
        lambda: remind(oak.head),
    ):
        try:
            attempt()
        except NotPermitted:
            refused += 1
        except Exception:  # noqa: S110 -- without the permission something else speaks
            pass
    assert refused == 4


def test_an_acceptance_says_who_when_which_and_of_what_text(oak, manager):
    listed(oak)
    made = publish(manager)
    acceptance = accept(oak.head, signatory=" Ann Oak ", position=" Director ")
    settle()

    assert (
        acceptance.provider_id,
        acceptance.terms_id,
        acceptance.accepted_by_id,
        acceptance.accepted_at,
        acceptance.signatory,
        acceptance.position,
        acceptance.sha256,
    ) == (oak.provider.pk, made.pk, oak.head.person_id, NOON, "Ann Oak", "Director", made.sha256)
    assert to("terms_accepted") == people(oak)
    with acting_as(oak.officer):
        body = AuditEvent.objects.get(action="terms.accepted").body
    assert made.sha256 in body
    assert str(acceptance.pk) in body


def test_what_cannot_be_accepted(oak, manager):
    publish(manager)
    with pytest.raises(terms.NotOnTheList):
        accept(oak.head)
    listed(oak)
    for change, refusal in (
        ({"sha256": "0" * 64}, terms.OtherTermsRead),
        ({"signatory": " "}, terms.NoSignatory),
        ({"position": ""}, terms.NoSignatory),
    ):
        with pytest.raises(refusal):
            accept(oak.head, **change)
    accept(oak.head)
    with pytest.raises(terms.AlreadyAccepted) as refused:
        accept(oak.head)
    assert refused.value.status == 409


def test_a_version_that_was_replaced_is_not_accepted_any_more(oak, manager):
    listed(oak)
    publish(manager)
    publish(manager, SECOND)

    with pytest.raises(sending_terms.TermsReplaced) as refused:
        accept(oak.head, 1, now=NOON + 30 * DAY)
    assert refused.value.status == 410
    assert accept(oak.head, 2, now=NOON).terms.number == 2
    assert accept(oak.head, 1, now=NOON).terms.number == 1


def test_late_is_accepted_too_and_nothing_follows_by_itself(oak, manager):
    listed(oak)
    publish(manager)
    late = FIRST.accept_by + DAY
    settle(NOON + 40 * DAY)

    with acting_as(oak.head):
        assert [each.standing for each in asked_of(oak.provider.pk, late)] == [Standing.OVERDUE]
    with acting_as(BOSS):
        assert Qualification.objects.filter(ended_at__isnull=True).count() == 1
    assert not {verb for verb in verbs() if "suspended" in verb}
    accept(oak.head, now=NOON + 40 * DAY)
    with acting_as(oak.head):
        assert [each.standing for each in asked_of(oak.provider.pk, late)] == [Standing.ACCEPTED]


def test_reminders_come_on_their_days_and_stop_with_the_acceptance(oak, manager):
    rival = listed(make_applying(oak.region, "Rival Trust"))
    listed(oak)
    publish(manager)
    settle()
    morning = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Europe/London"))
    settle(morning - timedelta(seconds=1))
    before = len(letters("terms_reminder"))
    settle(morning)
    first = to("terms_reminder")
    accept(rival.head, now=morning)
    settle(morning + 11 * DAY)
    settle(datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Europe/London")))

    assert (before, first) == (0, people(oak, rival))
    later = [(person, said["is_overdue"]) for person, said in letters("terms_reminder")]
    assert sorted(later, key=str) == sorted(
        [
            *((each.person_id, False) for each in (oak.head, oak.writer, rival.head, rival.writer)),
            *((each.person_id, late) for each in (oak.head, oak.writer) for late in (False, True)),
        ],
        key=str,
    )


def test_reminders_that_were_held_up_come_as_one(oak, manager):
    listed(oak)
    publish(manager)
    settle()
    settle(NOON + 60 * DAY)

    assert [said["is_overdue"] for _, said in letters("terms_reminder")] == [True, True]


def test_no_reminder_of_a_version_that_was_replaced_or_to_who_has_left(oak, manager):
    left = listed(make_applying(oak.region, "Left Trust"))
    listed(oak)
    publish(manager)
    publish(manager, replace(SECOND, from_date=TODAY + 5 * DAY, accept_by=TODAY + 90 * DAY))
    settle()
    with acting_as(BOSS):
        Qualification.objects.filter(establishment=left.establishment).update(ended_at=NOON)
    settle(NOON + 60 * DAY)
    none = to("terms_reminder")
    settle(NOON + 100 * DAY)

    assert none == set()
    assert to("terms_reminder") == people(oak)
    assert {said["number"] for _, said in letters("terms_reminder")} == {2}


def test_who_comes_on_the_list_later_is_asked_with_28_days(oak, manager):
    publish(manager)
    publish(manager, SECOND)
    settle()
    nobody = to("terms_to_accept")
    oak.decided(now=NOON + 20 * DAY)
    settle(NOON + 21 * DAY)

    assert nobody == set()
    asked = {(person, said["number"], said["due"]) for person, said in letters("terms_to_accept")}
    assert asked == {
        (person, number, "20 December 2026") for person in people(oak) for number in (1, 2)
    }


def remind(actor, *, now=NOON):
    with acting_as(actor):
        return sending_terms.remind_now(number=1, actor=actor, now=now)


def test_officers_remind_by_hand_once_a_day(oak, manager):
    rival = listed(make_applying(oak.region, "Rival Trust"))
    listed(oak)
    publish(manager)
    accept(rival.head)

    assert remind(oak.officer) == 1
    with pytest.raises(sending_terms.RemindedToday):
        remind(oak.second)
    settle()
    assert to("terms_reminder") == people(oak)
    assert remind(oak.officer, now=NOON + DAY) == 1
    accept(oak.head)
    with pytest.raises(sending_terms.NobodyToRemind):
        remind(oak.officer, now=NOON + 2 * DAY)
    publish(manager, replace(SECOND, from_date=TODAY + DAY))
    with pytest.raises(sending_terms.TermsReplaced):
        remind(oak.officer, now=NOON + 3 * DAY)


def test_the_central_team_sees_how_everybody_on_the_list_stands(oak, manager):
    rival = listed(make_applying(oak.region, "Rival Trust"))
    late = listed(make_applying(oak.region, "Late Trust"), on=NOON + 20 * DAY)
    make_applying(oak.region, "Not listed Trust")
    listed(oak)
    publish(manager)
    accept(rival.head)
    with acting_as(oak.officer):
        found = everybody_asked(Terms.objects.get(), FIRST.accept_by + DAY)
        alive = [each.number for each in live_terms(TODAY)]

    assert {key: (each.due, each.standing) for key, each in found.items()} == {
        oak.provider.pk: (FIRST.accept_by, Standing.OVERDUE),
        rival.provider.pk: (FIRST.accept_by, Standing.ACCEPTED),
        late.provider.pk: (date(2026, 12, 20), Standing.WAITING),
    }
    assert alive == [1]


def count(actor, table):
    with acting_as(actor):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {table}")
                return cursor.fetchone()[0]
        except DatabaseError:
            return None


@pytest.mark.off_switch("acceptances-of-own-provider")
def test_no_provider_reads_what_another_has_accepted(oak, manager):
    rival = make_applying(oak.region, "Rival Trust")
    listed(oak)
    publish(manager)
    accept(oak.head)

    assert count(rival.head, "qualification_acceptance") == 0
    assert [count(each, "qualification_acceptance") for each in (oak.writer, oak.officer)] == [1, 1]
    assert count(public(), "qualification_acceptance") is None
    assert count(public(), "qualification_terms") == 1


def insert(actor, **columns):
    with acting_as(actor):
        try:
            with transaction.atomic():
                Acceptance.objects.create(
                    accepted_at=NOON, signatory="Ann", position="Head", sha256="0", **columns
                )
        except DatabaseError as problem:
            return "row-level security" in str(problem)
    return False


@pytest.mark.off_switch("accepted-in-own-name")
def test_nobody_accepts_for_another(oak, manager):
    rival = make_applying(oak.region, "Rival Trust")
    made = publish(manager)
    mine = {"provider": oak.provider, "accepted_by_id": oak.head.person_id, "terms": made}

    assert insert(oak.head, **mine | {"provider": rival.provider})
    assert insert(oak.head, **mine | {"accepted_by_id": rival.head.person_id})
    assert not insert(oak.head, **mine)


def test_terms_and_acceptances_stand(oak, manager):
    listed(oak)
    publish(manager)
    accept(oak.head)

    for actor, change in (
        (manager, "UPDATE qualification_terms SET text = 'other'"),
        (manager, "DELETE FROM qualification_terms"),
        (oak.head, "UPDATE qualification_acceptance SET signatory = 'Other'"),
        (oak.officer, "DELETE FROM qualification_acceptance"),
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            acting_as(actor),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
