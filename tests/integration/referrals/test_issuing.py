"""Issuing: all and only those who are eligible are invited, in few statements, once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dps.actors import Role, system
from dps.models import Adoption, AuditEvent, Message, OwedJob
from dps.outbox import relay
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from referrals.models import Consideration, Invitation, Referral
from referrals.services import issuing, raising
from referrals.services.raising import CategoryNotAdopted
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import (
    DEADLINE,
    invited_ids,
    make_council,
    make_draft,
    make_open,
    make_school,
    suspend,
)


@pytest.fixture
def council(region):
    return make_council(region.west)


def issue(council, referral, *, now=NOON):
    with acting_as(council.commissioner, at=now):
        return issuing.issue_referral(referral_id=referral.pk, actor=council.commissioner, now=now)


def test_all_and_only_the_eligible_are_invited_and_the_rest_recorded_with_the_reason(
    region, council
):
    near = make_school(region, "Near", miles=5)
    edge = make_school(region, "Edge", miles=20)
    far = make_school(region, "Far", miles=21)
    barred = make_school(region, "Barred", miles=6)
    closed = make_school(region, "Closed", miles=7, is_open=False)
    state = make_school(region, "State", miles=8, is_procured=False)
    nowhere = make_school(region, "Nowhere", easting=None, northing=None)
    suspend(barred.establishment)

    referral = make_open(region, council.commissioner)

    with acting_as(council.commissioner):
        kept = {
            row.establishment_id: (row.is_invited, row.reason)
            for row in Consideration.objects.filter(referral_id=referral.pk)
        }
        bands = dict(Invitation.objects.values_list("establishment_id", "band"))
    assert kept == {
        near.establishment.pk: (True, "invited"),
        edge.establishment.pk: (True, "invited"),
        far.establishment.pk: (False, "outside_limit"),
        barred.establishment.pk: (False, "suspended"),
        closed.establishment.pk: (False, "closed"),
        state.establishment.pk: (False, "not_procured"),
        nowhere.establishment.pk: (False, "place_unknown"),
    }
    assert bands == {
        near.establishment.pk: "0 to 10 miles",
        edge.establishment.pk: "20 to 30 miles",
    }


def test_the_issue_is_recorded_and_everybody_invited_is_told_once(region, council):
    near = make_school(region, "Near")
    make_school(region, "Its sister", provider=near.provider)
    referral = make_open(region, council.commissioner)

    for _ in range(2):
        for job_id in relay.lease(region.west.id, now=NOON):
            relay.run(region.west.id, job_id, now=NOON)

    with acting_as(system(region.west.id)):
        event = AuditEvent.objects.get(action="referral.issued")
        told = list(Message.objects.order_by("id").values_list("template", "subject"))
        assert not OwedJob.objects.filter(done_at__isnull=True).exists()
    assert (event.subject_id, event.sealed_referral_id) == (str(referral.pk), None)
    # Two people of one provider, one message each for both establishments.
    assert (
        told == [("referrals/invited", f"West Sussex invites you to bid: {referral.reference}")] * 2
    )


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_statements_does_not_grow_with_the_number_invited(region, council, number):
    for _ in range(number):
        make_school(region)
    referral = make_draft(region, council.commissioner)

    with acting_as(council.commissioner, at=NOON), CaptureQueriesContext(connection) as asked:
        issuing.issue_referral(referral_id=referral.pk, actor=council.commissioner, now=NOON)

    assert len(asked) <= 15, [query["sql"][:80] for query in asked]
    assert len(invited_ids(referral, council.commissioner)) == number


def unready(change):
    def make(region, council):
        make_school(region)
        referral = make_draft(region, council.commissioner)
        with acting_as(council.commissioner, at=NOON):
            change(region, council, referral)
        return referral

    return make


def without(**columns):
    return unready(
        lambda _region, _council, referral: Referral.objects.filter(pk=referral.pk).update(
            **columns
        )
    )


def no_needs(_region, council, referral):
    raising.list_needs(referral_id=referral.pk, needs=[], actor=council.commissioner, now=NOON)


def no_features(_region, council, referral):
    raising.list_features(
        referral_id=referral.pk, features=[], actor=council.commissioner, now=NOON
    )


def not_adopted(region, _council, _referral):
    with acting_as(system(0)):
        Adoption.objects.filter(authority=region.west).update(until_date=NOON.date())


@pytest.mark.parametrize(
    ("make", "refusal", "words"),
    [
        (without(age=None), issuing.NotReadyToIssue, "Describe the child"),
        (without(starts_on=None), issuing.NotReadyToIssue, "Say when the placement starts"),
        (without(limit_miles=None), issuing.NotReadyToIssue, "Say how far from home"),
        (without(bids_close_at=None), issuing.NotReadyToIssue, "Set the deadline"),
        (without(bids_close_at=NOON), issuing.NotReadyToIssue, "has passed"),
        (
            without(bids_close_at=NOON + timedelta(days=9, hours=23)),
            issuing.NotReadyToIssue,
            "at least 10 calendar days",
        ),
        (without(limit_miles=1), issuing.NobodyToInvite, "nobody would be invited"),
        (unready(no_needs), issuing.NotReadyToIssue, "List at least one need"),
        (unready(no_features), issuing.NotReadyToIssue, "Features: The weight must be 0"),
        (unready(not_adopted), CategoryNotAdopted, "does not use this category"),
    ],
)
def test_what_is_not_ready_is_refused_and_nothing_changed(region, council, make, refusal, words):
    referral = make(region, council)

    with pytest.raises(refusal, match=words):
        issue(council, referral)

    with acting_as(council.commissioner):
        assert Referral.objects.get(pk=referral.pk).state == "draft"
        assert not Invitation.objects.exists()
        assert not Consideration.objects.exists()


def test_fewer_days_may_be_agreed(region, council):
    make_school(region)
    referral = make_draft(region, council.commissioner)
    by = council.commissioner
    with acting_as(by, at=NOON):
        raising.set_deadline(
            referral_id=referral.pk,
            closes_at=NOON + timedelta(days=2),
            shorter_time_agreed=True,
            actor=by,
            now=NOON,
        )

    assert issue(council, referral).state == "open"


def test_it_is_issued_once(region, council):
    make_school(region)
    referral = make_open(region, council.commissioner)

    with pytest.raises(IllegalTransition):
        issue(council, referral)

    assert len(invited_ids(referral, council.commissioner)) == 1


def test_an_approver_may_not_issue(region, council):
    make_school(region)
    referral = make_draft(region, council.commissioner)

    with acting_as(council.approver), pytest.raises(NotPermitted):
        issuing.issue_referral(referral_id=referral.pk, actor=council.approver, now=NOON)


def test_another_authority_does_not_find_it(region, council):
    referral = make_draft(region, council.commissioner)
    stranger = make_person(Role.COMMISSIONER, authority=region.east)

    with acting_as(stranger), pytest.raises(Referral.DoesNotExist):
        issuing.issue_referral(referral_id=referral.pk, actor=stranger, now=NOON)


def test_the_deadline_that_was_published_stands_in_the_invitation(region, council):
    make_school(region)
    make_open(region, council.commissioner)

    with acting_as(council.commissioner):
        assert list(Invitation.objects.values_list("bids_close_at", "referral_state")) == [
            (DEADLINE, "open")
        ]
