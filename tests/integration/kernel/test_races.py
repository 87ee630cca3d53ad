"""Two workers, two relays, two acts at once: what is owed happens once, and the chain holds."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from dps.actors import REGION_ID, Role, system
from dps.audit import Act, record
from dps.audit.verify import verify
from dps.models import Authority
from dps.outbox import owe, relay
from dps.outbox.jobs import HANDLERS, job
from dps.services.authorities import NewAuthority, add_authority
from dps.services.messages import Letter, deliver, send
from dps.tenancy.identity import acting_as
from tests.at_once import act, in_turn, refusals
from tests.factories.kernel import NOON, make_person, make_region

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LATER = NOON + timedelta(seconds=1)


@pytest.fixture
def region():
    return make_region()


@pytest.fixture
def boss(region):
    return system(region.west.id)


@pytest.fixture
def owed(boss):
    """The id of one owed job, and what its handler was asked to do."""
    done, pauses = [], []

    @job("test.count")
    def count(*, number, actor, now):
        done.append(number)
        if pauses:
            pauses.pop()()

    with acting_as(boss):
        owe("test.count", key="once", authority_id=boss.authority_id, at=NOON, number=7)
    yield done, pauses
    del HANDLERS["test.count"]


@pytest.mark.off_switch("leased-rows")
def test_two_relays_hand_out_a_job_once_and_do_not_wait(boss, owed):
    def lease(hold=None):
        with acting_as(boss):
            leased = relay.lease(boss.authority_id, now=LATER)
            if hold is not None:
                hold()
        return leased

    done = in_turn(lease, lease)

    assert ([len(leased) for leased in done.both], done.waited) == ([1, 0], False)


@pytest.mark.off_switch("owed-row")
def test_a_job_that_two_workers_have_is_done_by_one(boss, owed):
    done, pauses = owed
    (job_id,) = relay.lease(boss.authority_id, now=LATER)

    def work(hold=None):
        if hold is not None:
            pauses.append(hold)
        return relay.run(boss.authority_id, job_id, now=LATER)

    both = in_turn(work, work)

    assert (both.both, both.waited, done) == ((True, False), False, [7])


@pytest.mark.off_switch("message-row")
def test_a_message_that_two_workers_have_is_sent_once(region, boss, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    admin = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west)
    with acting_as(boss):
        letter = Letter("dps/audit_head", admin.person_id, {"authority": "West", "mark": "ab"})
        send(letter, key="head:1", authority_id=boss.authority_id, now=NOON)
    sending = act(deliver, actor=boss, now=LATER, message_key="head:1")

    done = in_turn(sending, sending)

    assert (done.both, len(mailoutbox)) == ((None, None), 1)


@pytest.mark.off_switch("audit-head-row")
def test_two_acts_at_once_make_one_chain(region, boss):
    def write(hold=None):
        with acting_as(boss):
            record(Act("thing.done", region.west), actor=boss, at=NOON)
            # As at the commit, where events are linked.
            connection.check_constraints()
            if hold is not None:
                hold()

    done = in_turn(write, write)

    assert (done.both, done.waited) == ((None, None), True)
    with acting_as(boss):
        verdict = verify(boss.authority_id)
    assert (verdict.is_sound, verdict.events) == (True, 3)


@pytest.fixture
def joined(region, django_db_setup):
    """Who joined in a test. Their partitions go again: every other test knows two councils."""
    known = set(Authority.objects.values_list("id", flat=True))
    yield lambda: set(Authority.objects.exclude(id__in=known).values_list("code", flat=True))
    new = list(Authority.objects.exclude(id__in=known).values_list("id", flat=True))
    django_db_setup.clear()
    with psycopg.connect(django_db_setup.owner_url, autocommit=True) as owner:
        found = owner.execute(
            "SELECT inhparent::regclass::text, inhrelid::regclass::text FROM pg_inherits"
            " JOIN pg_class ON oid = inhrelid WHERE relkind = 'r' AND relname ~ %s",
            [f"_a({'|'.join(map(str, new))})$"],
        ).fetchall()
        for table, partition in found if new else ():
            owner.execute(f"ALTER TABLE {table} DETACH PARTITION {partition}")
            owner.execute(f"DROP TABLE {partition}")


@pytest.mark.off_switch("next-authority")
def test_two_authorities_that_join_at_once_have_numbers_of_their_own(joined):
    joining = [
        NewAuthority(code=code, name=name, kind="partner", joined_on=NOON.date())
        for code, name in (("KEN", "Kent"), ("SRY", "Surrey"))
    ]

    done = in_turn(*(act(add_authority, new, actor=system(REGION_ID), now=NOON) for new in joining))

    assert refusals(done.both) == []
    assert joined() == {"KEN", "SRY"}
