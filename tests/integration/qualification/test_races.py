"""Two people at once, on real transactions: one succeeds, the other gets a plain refusal."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from dps.actors import REGION_ID, Role, system
from dps.models import AuditEvent
from dps.refusals import IllegalTransition, Refusal
from dps.tenancy.identity import acting_as
from qualification.models import Application, CompetencyScore, Qualification, Suspension
from qualification.services import applying, deciding, suspending
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def together(*presses):
    """Run each press in a thread and a transaction of its own, all at the same moment."""
    gate, outcomes = threading.Barrier(len(presses)), []

    def run(actor, act):
        try:
            with acting_as(actor):
                gate.wait(timeout=20)
                act()
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=press) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def events(verb):
    with acting_as(BOSS):
        return AuditEvent.objects.filter(action__startswith=verb).count()


def test_two_officers_deciding_together_make_one_decision():
    oak = make_applying(make_region())
    application = oak.graded()
    other = make_person(Role.DPS_MANAGER, authority=oak.region.west)

    def decide(actor, *, qualifies):
        return lambda: deciding.decide(
            application_id=application.id,
            qualifies=qualifies,
            reason="Read.",
            actor=actor,
            now=NOON,
        )

    outcomes = together(
        (oak.officer, decide(oak.officer, qualifies=True)),
        (other, decide(other, qualifies=False)),
    )

    assert outcomes == [IllegalTransition.__name__, "done"]
    assert events("application.qualified") + events("application.rejected") == 1
    with acting_as(BOSS):
        state = Application.objects.get().state
        listed = (Qualification.objects.count(), CompetencyScore.objects.count())
    assert listed == ((1, 1) if state == "qualified" else (0, 0))


def test_two_people_starting_together_make_one_draft():
    oak = make_applying(make_region())

    def start(actor):
        return lambda: applying.start_application(
            establishment_id=oak.establishment.id,
            category_id=oak.region.category.id,
            actor=actor,
            now=NOON,
        )

    outcomes = together((oak.head, start(oak.head)), (oak.writer, start(oak.writer)))

    assert outcomes == ["AlreadyApplying", "done"]
    assert events("application.started") == 1


def test_sending_and_withdrawing_together_leave_one_of_the_two():
    oak = make_applying(make_region())
    application = oak.start()
    oak.complete(application)
    second = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=oak.provider.id)

    together(
        (
            oak.head,
            lambda: applying.submit_application(
                application_id=application.id, actor=oak.head, now=NOON
            ),
        ),
        (
            second,
            lambda: applying.withdraw_application(
                application_id=application.id, actor=second, now=NOON
            ),
        ),
    )

    # Withdrawn first, it cannot be sent; sent first, it is withdrawn after.
    with acting_as(BOSS):
        found = Application.objects.get()
    assert found.state == "withdrawn"
    assert events("application.submitted") == (1 if found.submitted_at else 0)


def test_two_suspensions_for_one_cause_together_make_one():
    oak = make_applying(make_region())
    oak.decided()
    managers = [make_person(Role.DPS_MANAGER, authority=oak.region.west, name=n) for n in "ab"]

    def suspend(actor):
        return lambda: suspending.suspend(
            establishment_id=oak.establishment.id,
            cause="insurance",
            reason="Ran out.",
            actor=actor,
            now=NOON,
        )

    outcomes = together(*((manager, suspend(manager)) for manager in managers))

    assert outcomes == ["AlreadySuspended", "done"]
    assert events("establishment.suspended") == 1


def test_two_people_lifting_one_suspension_together_lift_it_once():
    oak = make_applying(make_region())
    oak.decided()
    managers = [make_person(Role.DPS_MANAGER, authority=oak.region.west, name=n) for n in "ab"]
    with acting_as(managers[0]):
        suspension = suspending.suspend(
            establishment_id=oak.establishment.id,
            cause="insurance",
            reason="Ran out.",
            actor=managers[0],
            now=NOON,
        )

    def lift(actor):
        return lambda: suspending.reinstate(
            suspension_id=suspension.id,
            reason="New one.",
            actor=actor,
            now=NOON + timedelta(hours=1),
        )

    outcomes = together(*((manager, lift(manager)) for manager in managers))

    assert outcomes == ["AlreadyLifted", "done"]
    assert events("establishment.reinstated") == 1
    with acting_as(BOSS):
        assert Suspension.objects.get().lifted_at == NOON + timedelta(hours=1)
