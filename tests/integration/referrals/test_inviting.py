"""Whoever qualifies while a referral is open is invited too; a withdrawal is told to all."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import AuditEvent, Message, OwedJob
from dps.outbox import owe, relay
from dps.refusals import IllegalTransition
from dps.tenancy.identity import acting_as
from qualification.models import Qualification
from qualification.services.suspending import reinstate
from referrals.jobs import INVITE_NEWLY_QUALIFIED
from referrals.models import Consideration, Invitation, Referral
from referrals.services import withdrawing
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import (
    DEADLINE,
    invited_ids,
    make_council,
    make_draft,
    make_open,
    make_school,
    qualify,
    suspend,
)

SOON = NOON + timedelta(hours=1)


@pytest.fixture
def council(region):
    return make_council(region.west)


def unlisted(region, name="Late", **columns):
    school = make_school(region, name, **columns)
    with acting_as(system(REGION_ID)):
        Qualification.objects.filter(establishment=school.establishment).update(ended_at=NOON)
    return school


def list_and_tell(region, school, *, now=SOON):
    with acting_as(system(REGION_ID)):
        if not Qualification.objects.filter(
            establishment=school.establishment, ended_at__isnull=True
        ).exists():
            qualify(region, school.establishment)
        owe(
            INVITE_NEWLY_QUALIFIED,
            key=f"invite:{school.establishment.pk}:{now}",
            authority_id=REGION_ID,
            at=now,
            establishment_id=str(school.establishment.pk),
        )
    work_off(now)


def work_off(now):
    """Until nothing is left: a job may owe others."""
    while waiting := relay.lease_everywhere(now=now):
        for authority_id, job_id in waiting:
            relay.run(authority_id, job_id, now=now)


def test_a_newly_qualified_establishment_is_invited_recorded_and_told_once(region, council):
    first = make_school(region, "First")
    late = unlisted(region)
    referral = make_open(region, council.commissioner)

    for _ in range(2):
        list_and_tell(region, late)

    assert invited_ids(referral, council.commissioner) == {
        first.establishment.pk,
        late.establishment.pk,
    }
    with acting_as(council.commissioner):
        invitation = Invitation.objects.get(establishment=late.establishment)
        kept = Consideration.objects.get(establishment=late.establishment)
        events = AuditEvent.objects.filter(action="invitation.added").count()
    with acting_as(system(region.west.id)):
        told = Message.objects.filter(key__startswith="invited-later").count()
        assert not OwedJob.objects.filter(done_at__isnull=True).exists()
    assert (invitation.band, invitation.bids_close_at) == ("0 to 10 miles", DEADLINE)
    assert (kept.is_invited, kept.distance, events, told) == (True, 5_00, 1, 1)


def test_one_outside_the_limit_is_recorded_and_not_invited(region, council):
    make_school(region, "First")
    far = unlisted(region, miles=40)
    referral = make_open(region, council.commissioner)

    list_and_tell(region, far)

    with acting_as(council.commissioner):
        kept = Consideration.objects.get(establishment=far.establishment)
    assert (kept.is_invited, kept.reason) == (False, "outside_limit")
    assert far.establishment.pk not in invited_ids(referral, council.commissioner)


def test_one_reinstated_is_invited_and_the_record_says_so(region, council):
    make_school(region, "First")
    barred = make_school(region, "Barred")
    suspension = suspend(barred.establishment)
    referral = make_open(region, council.commissioner)
    officer = make_person(Role.DPS_MANAGER, authority=region.west)

    with acting_as(officer, at=SOON):
        reinstate(suspension_id=suspension.pk, reason="Renewed.", actor=officer, now=SOON)
    work_off(SOON)

    with acting_as(council.commissioner):
        kept = Consideration.objects.get(establishment=barred.establishment)
    assert (kept.is_invited, kept.reason) == (True, "invited")
    assert barred.establishment.pk in invited_ids(referral, council.commissioner)


def test_nobody_is_invited_after_the_deadline_or_to_what_is_not_open(region, council):
    make_school(region, "First")
    late = unlisted(region)
    make_open(region, council.commissioner)
    make_draft(region, council.commissioner)

    list_and_tell(region, late, now=DEADLINE)

    with acting_as(council.commissioner):
        assert not Invitation.objects.filter(establishment=late.establishment).exists()


def withdraw(council, referral, reason="The family has moved."):
    with acting_as(council.commissioner, at=SOON):
        return withdrawing.withdraw_referral(
            referral_id=referral.pk, reason=reason, actor=council.commissioner, now=SOON
        )


def test_a_withdrawal_is_told_to_everybody_invited_with_its_reason(region, council):
    make_school(region, "First")
    referral = make_open(region, council.commissioner)
    work_off(NOON)

    withdraw(council, referral)
    work_off(SOON)

    with acting_as(system(region.west.id)):
        told = Message.objects.get(template="referrals/withdrawn")
    with acting_as(council.commissioner):
        states = list(Invitation.objects.values_list("referral_state", flat=True))
    assert told.subject == f"Referral {referral.reference} has been withdrawn"
    assert "The family has moved." in told.body
    assert states == ["withdrawn"]


def test_a_draft_is_withdrawn_without_a_word_to_anybody(region, council):
    referral = make_draft(region, council.commissioner)

    withdraw(council, referral)

    with acting_as(system(region.west.id)):
        assert not OwedJob.objects.filter(job="referrals.tell_withdrawn").exists()


def test_it_wants_a_reason_and_happens_once(region, council):
    referral = make_draft(region, council.commissioner)

    with pytest.raises(withdrawing.ReasonMissing):
        withdraw(council, referral, " ")
    with acting_as(council.commissioner):
        assert Referral.objects.get().state == "draft"
    withdraw(council, referral)
    with pytest.raises(IllegalTransition):
        withdraw(council, referral)
