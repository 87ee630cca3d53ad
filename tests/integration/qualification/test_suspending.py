"""Suspension: out of every authority's referrals, told to each, lifted again."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import AuditEvent, Message, OwedJob
from dps.outbox import relay
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import Suspension
from qualification.queries.qualified import qualified_in, suspended_between, suspensions_in_force
from qualification.services import suspending
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
HOUR = timedelta(hours=1)


@pytest.fixture
def oak(region):
    oak = make_applying(region)
    oak.decided()
    return oak


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


def suspend(oak, actor, *, cause="insurance", reason="The certificate ran out.", now=NOON):
    with acting_as(actor):
        return suspending.suspend(
            establishment_id=oak.establishment.id, cause=cause, reason=reason, actor=actor, now=now
        )


def reinstate(suspension, actor, *, reason="A new one came.", now=NOON + HOUR):
    with acting_as(actor):
        return suspending.reinstate(
            suspension_id=suspension.id, reason=reason, actor=actor, now=now
        )


def events(authority_id, verb):
    with acting_as(system(authority_id)):
        return list(AuditEvent.objects.filter(action=verb).values_list("actor_kind", "subject_id"))


def do_jobs(authority_id, now=NOON):
    for job_id in relay.lease(authority_id, now=now):
        relay.run(authority_id, job_id, now=now)


def owed(authority_id):
    with acting_as(system(authority_id)):
        rows = OwedJob.objects.filter(job__startswith="qualification.tell")
        return list(rows.values_list("job", "ids"))


def test_suspend_tells_the_provider_and_owes_a_job_to_each_authority(oak, manager):
    suspension = suspend(oak, manager)

    ids = {"suspension_id": str(suspension.id)}
    assert (suspension.cause, suspension.suspended_by_id, suspension.is_automatic) == (
        "insurance",
        manager.person_id,
        False,
    )
    assert events(REGION_ID, "establishment.suspended") == [("central", str(oak.establishment.id))]
    for authority in (oak.region.west, oak.region.east):
        assert owed(authority.id) == [("qualification.tell_authority_of_suspension", ids)]
        assert events(authority.id, "establishment.suspended") == []
    with acting_as(BOSS):
        assert Message.objects.filter(template="qualification/suspended").count() == 2


def test_each_authority_s_job_writes_its_own_event_and_does_what_follows(oak, manager, monkeypatch):
    followed = []
    monkeypatch.setattr(suspending, "WHEN_SUSPENDED", [])

    @suspending.when_suspended
    def follow(*, suspension, actor, now):
        followed.append((suspension.id, actor.authority_id, now))

    suspension = suspend(oak, manager)
    for authority in (oak.region.west, oak.region.east):
        do_jobs(authority.id)
        do_jobs(authority.id)

        assert events(authority.id, "establishment.suspended") == [
            ("system", str(oak.establishment.id))
        ]

    assert followed == [
        (suspension.id, oak.region.west.id, NOON),
        (suspension.id, oak.region.east.id, NOON),
    ]


def test_reinstating_is_told_to_all_and_followed(oak, manager, monkeypatch):
    followed = []
    monkeypatch.setattr(suspending, "WHEN_REINSTATED", [])

    @suspending.when_reinstated
    def follow(*, suspension, actor, now):
        followed.append(actor.authority_id)

    suspension = suspend(oak, manager)
    lifted = reinstate(suspension, manager)
    do_jobs(oak.region.east.id, now=NOON + HOUR)

    assert (lifted.lifted_at, lifted.lifted_by_id, lifted.lift_reason) == (
        NOON + HOUR,
        manager.person_id,
        "A new one came.",
    )
    assert events(oak.region.east.id, "establishment.reinstated") == [
        ("system", str(oak.establishment.id))
    ]
    assert followed == [oak.region.east.id]


def test_the_system_suspends_by_itself(oak):
    with acting_as(BOSS):
        suspension = suspending.suspend(
            establishment_id=oak.establishment.id,
            cause="inspection",
            reason="Inadequate.",
            actor=BOSS,
            now=NOON,
            is_automatic=True,
        )

    assert (suspension.is_automatic, suspension.suspended_by_id) == (True, None)
    assert len(owed(oak.region.west.id)) == 1


def test_an_establishment_that_nobody_runs_any_more_is_suspended_without_a_letter(oak, manager):
    with acting_as(BOSS):
        oak.establishment.provider = None
        oak.establishment.save()

    suspend(oak, manager)

    with acting_as(BOSS):
        assert not Message.objects.filter(template="qualification/suspended").exists()


def test_two_causes_are_lifted_one_by_one(oak, manager):
    first = suspend(oak, manager)
    suspend(oak, manager, cause="inspection")
    reinstate(first, manager)

    with acting_as(manager):
        [listed] = qualified_in(oak.region.category.id)
        in_force = suspensions_in_force([oak.establishment.id])[oak.establishment.id]

    assert (listed.is_suspended, [each.cause for each in in_force]) == (True, ["inspection"])


@pytest.mark.parametrize(
    ("start", "end", "is_suspended"),
    [(-2, -1, False), (-2, 0, True), (0, 0, True), (1, 5, True), (2, 5, False), (3, 5, False)],
)
def test_suspended_between_takes_in_both_ends_but_not_the_lifting(
    oak, manager, start, end, is_suspended
):
    reinstate(suspend(oak, manager), manager, now=NOON + 2 * HOUR)

    with acting_as(make_person(Role.COMMISSIONER, authority=oak.region.east)):
        found = suspended_between([oak.establishment.id], NOON + start * HOUR, NOON + end * HOUR)

    assert found == ({oak.establishment.id} if is_suspended else set())


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"cause": "weather"}, suspending.SayWhy),
        ({"reason": " "}, suspending.SayWhy),
    ],
)
def test_suspend_refusals_change_nothing(oak, manager, given, refusal):
    with pytest.raises(refusal):
        suspend(oak, manager, **given)

    with acting_as(BOSS):
        assert not Suspension.objects.exists()
    assert events(REGION_ID, "establishment.suspended") == []


def test_an_establishment_on_no_list_is_not_suspended(region, manager):
    elm = make_applying(region, "Elm Trust")

    with pytest.raises(suspending.NotOnAnyList):
        suspend(elm, manager)


def test_it_is_suspended_once_for_a_cause(oak, manager):
    suspend(oak, manager)

    with pytest.raises(suspending.AlreadySuspended):
        suspend(oak, manager)

    assert len(events(REGION_ID, "establishment.suspended")) == 1


def test_officers_below_senior_and_others_do_not_suspend_or_reinstate(oak, manager):
    suspension = suspend(oak, manager)
    commissioner = make_person(Role.COMMISSIONER, authority=oak.region.west)

    for actor in (oak.officer, oak.head, commissioner):
        with pytest.raises(NotPermitted):
            suspend(oak, actor, cause="other")
        with pytest.raises(NotPermitted):
            reinstate(suspension, actor)

    with acting_as(BOSS):
        assert Suspension.objects.get().lifted_at is None


def test_it_is_lifted_once_and_with_a_reason(oak, manager):
    suspension = suspend(oak, manager)
    with pytest.raises(suspending.SayWhy):
        reinstate(suspension, manager, reason="")
    reinstate(suspension, manager)

    with pytest.raises(suspending.AlreadyLifted):
        reinstate(suspension, manager)

    assert len(events(REGION_ID, "establishment.reinstated")) == 1
