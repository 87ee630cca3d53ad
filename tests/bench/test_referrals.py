"""Inviting, bidding, opening (performance.md 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dps.tenancy.identity import acting_as
from referrals.models import Bid, Invitation
from referrals.services.issuing import issue_referral
from referrals.services.opening import approve_opening
from tests.bench.market import many_schools
from tests.bench.measuring import measured
from tests.bench.rows import copied
from tests.factories.kernel import NOON
from tests.factories.referrals import (
    DEADLINE,
    make_council,
    make_draft,
    make_open,
    make_school,
    submit,
)

pytestmark = pytest.mark.django_db(transaction=True)
BIDS = 100


@pytest.mark.parametrize(("number", "goal"), [(331, "under 0.03 s"), (2_000, "under 0.18 s")])
def test_issuing(region, mass, number, goal):
    many_schools(region, mass, number - 1)
    mass.vacuum()
    by = make_council(region.west).commissioner
    draft = make_draft(region, by, miles=40)

    with acting_as(by, at=NOON), CaptureQueriesContext(connection) as queries:
        with measured("Referral: issued to so many establishments", number, goal=goal):
            issue_referral(referral_id=draft.pk, actor=by, now=NOON)

    assert len(queries) <= 40
    with acting_as(by):
        assert Invitation.objects.filter(referral=draft).count() == number


def test_bidding(region):
    """Each a transaction: locks, the rules, the seal, the event."""
    schools = [make_school(region) for _ in range(BIDS)]
    referral = make_open(region, make_council(region.west).commissioner)

    with measured("Bids: submitted by their service, one after another", BIDS, goal="90/s"):
        for school in schools:
            submit(school, referral)


@pytest.mark.parametrize(
    ("number", "goal"), [(10, "under 0.005 s"), (50, "under 0.008 s"), (1_000, "under 0.065 s")]
)
def test_opening(region, mass, number, goal):
    school, council = make_school(region), make_council(region.west)
    many_schools(region, mass, number - 1, school=school)
    referral = make_open(region, council.commissioner)
    sealed = submit(school, referral)
    invitation = sealed.invitation_id
    own = {
        "establishment_id": copied(school.establishment.id),
        "provider_id": copied(school.provider.id),
    }
    mass.delete("referrals_invitation", f"id <> '{invitation}'")
    mass.copy("referrals_invitation", invitation, number - 1, **own)
    mass.copy("referrals_sealedbid", sealed.pk, number - 1, invitation_id=copied(invitation),
              digest="md5('bid ' || n) || md5('x' || n)", **own)  # fmt: skip
    mass.vacuum()
    late = DEADLINE + timedelta(minutes=10)
    with acting_as(council.commissioner, at=late) as first:
        approve_opening(referral_id=referral.pk, actor=first, now=late)

    with acting_as(council.approver, at=late) as second:
        with measured("Bids: opened, with all automatic facts", number, goal=goal):
            approve_opening(referral_id=referral.pk, actor=second, now=late)
        assert Bid.objects.filter(referral=referral).count() == number
