"""What is owed is done once, whatever dies in between."""

from datetime import timedelta

import pytest
from django.db import transaction

from dps.actors import Role, system
from dps.models import Account, Message, OwedJob
from dps.outbox import owe, relay
from dps.outbox.jobs import HANDLERS, job
from dps.outbox.owe import OwedOutsideTransaction
from dps.services.messages import Letter, send
from dps.tenancy.identity import acting_as
from tests.factories.kernel import NOON, make_person

LATER = NOON + timedelta(seconds=1)


@pytest.fixture
def counted():
    done = []

    @job("test.count")
    def count(*, number, actor, now):
        done.append((number, actor.authority_id))

    yield done
    del HANDLERS["test.count"]


@pytest.fixture
def owed(region, counted):
    with acting_as(system(region.west.id)):
        for _ in range(2):
            owe("test.count", key="once", authority_id=region.west.id, at=NOON, number=7)
    return region.west.id


@pytest.mark.off_switch("owed-once-a-key")
def test_a_key_is_owed_once_and_done_once(owed, counted):
    leased = relay.lease(owed, now=LATER)

    assert [relay.run(owed, job_id, now=LATER) for job_id in leased] == [True]
    assert relay.run(owed, leased[0], now=LATER) is False
    assert counted == [(7, owed)]


def test_a_leased_job_is_not_handed_out_again_until_the_lease_ends(owed):
    assert len(relay.lease(owed, now=LATER)) == 1
    assert relay.lease(owed, now=LATER) == []
    assert len(relay.lease(owed, now=LATER + relay.LEASE * 2)) == 1


def test_a_job_not_yet_due_waits(region, counted):
    with acting_as(system(region.west.id)):
        owe("test.count", key="later", authority_id=region.west.id, at=LATER, number=1)

    assert relay.lease(region.west.id, now=NOON) == []


def test_a_failing_job_waits_longer_each_time_and_dies_at_last(region):
    @job("test.fail")
    def fail(*, actor, now):
        raise ZeroDivisionError

    try:
        with acting_as(system(region.west.id)):
            owe("test.fail", key="bad", authority_id=region.west.id, at=NOON)
        now = NOON
        for _ in range(relay.MAX_ATTEMPTS):
            now += timedelta(minutes=20)
            (job_id,) = relay.lease(region.west.id, now=now)
            with pytest.raises(ZeroDivisionError):
                relay.run(region.west.id, job_id, now=now)
        with acting_as(system(region.west.id)):
            dead = OwedJob.objects.get(key="bad")
    finally:
        del HANDLERS["test.fail"]

    assert (dead.attempts, dead.last_error, dead.dead_at) == (12, "ZeroDivisionError", now)
    assert relay.lease(region.west.id, now=now + timedelta(days=1)) == []


def test_a_rolled_back_change_owes_nothing(region, counted):
    def change():
        with acting_as(system(region.west.id)):
            owe("test.count", key="gone", authority_id=region.west.id, at=NOON, number=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()

    assert relay.lease(region.west.id, now=LATER) == []


@pytest.mark.django_db(transaction=True)
def test_owing_outside_a_transaction_is_refused():
    with pytest.raises(OwedOutsideTransaction):
        owe("test.count", key="k", authority_id=0, at=NOON)


def test_the_relay_leases_region_and_authorities(region, counted):
    for authority_id in (0, region.west.id, region.east.id):
        with acting_as(system(authority_id)):
            owe("test.count", key="k", authority_id=authority_id, at=NOON, number=authority_id)

    leased = [authority_id for authority_id, _ in relay.lease_everywhere(now=LATER)]

    assert leased == [0, region.west.id, region.east.id]


@pytest.mark.off_switch("message-once-a-key", raises=Message.MultipleObjectsReturned)
def test_a_message_is_sent_once_to_the_account_of_the_person(region, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    admin = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west)
    email = Account.objects.get(person_id=admin.person_id).email
    context = {"authority": "West Sussex", "mark": "ab"}
    with acting_as(system(region.west.id)), transaction.atomic():
        for _ in range(2):
            letter = Letter("dps/audit_head", admin.person_id, context)
            send(letter, key="head:1", authority_id=region.west.id, now=NOON)

    for job_id in relay.lease(region.west.id, now=LATER):
        relay.run(region.west.id, job_id, now=LATER)
    with acting_as(system(region.west.id)):
        message = Message.objects.get(key="head:1")

    assert [mail.to for mail in mailoutbox] == [[email]]
    assert str(message.id) in mailoutbox[0].extra_headers["Message-ID"]
    assert (message.sent_at, bool(message.subject), bool(message.body)) == (LATER, True, True)
