"""Two at once while a referral is raised, sent, or found by whoever qualifies meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.refusals import IllegalTransition
from dps.tenancy.identity import acting_as
from qualification.models import Qualification
from referrals.services import inviting, issuing, raising, withdrawing
from tests.at_once import act, in_turn, refusals
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.referrals import (
    invited_ids,
    make_council,
    make_draft,
    make_open,
    make_school,
    qualify,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SOON = NOON + timedelta(hours=1)


@pytest.fixture
def region():
    return make_region()


@pytest.fixture
def council(region):
    return make_council(region.west)


@pytest.fixture
def mine(region):
    return make_school(region, "Mine")


@pytest.fixture
def late(region):
    """On no list until a test puts it there."""
    school = make_school(region, "Late")
    with acting_as(system(REGION_ID)):
        Qualification.objects.filter(establishment=school.establishment).update(ended_at=NOON)
    return school


def issuing_by(actor, referral):
    return act(issuing.issue_referral, actor=actor, now=NOON, referral_id=referral.pk)


def qualifying(region, school):
    def call():
        with acting_as(system(REGION_ID)):
            qualify(region, school.establishment)
        boss = system(region.west.pk)
        with acting_as(boss, at=SOON):
            inviting.invite_newly_qualified(
                establishment_id=str(school.establishment.pk), actor=boss, now=SOON
            )

    return call


@pytest.mark.off_switch("next-reference")
def test_who_begin_a_referral_at_once_get_numbers_of_their_own(region, council):
    begin = act(
        raising.raise_referral,
        actor=council.commissioner,
        now=NOON,
        category_id=region.category.pk,
    )

    done = in_turn(begin, begin)

    assert refusals(done.both) == []
    assert [one.reference for one in done.both] == ["WSX-2026-000001", "WSX-2026-000002"]


@pytest.mark.off_switch("referral-row-of-issuing")
def test_two_who_send_a_referral_at_once_send_it_once(region, council, mine):
    referral = make_draft(region, council.commissioner)
    second = make_person(Role.COMMISSIONER, authority=region.west)

    done = in_turn(issuing_by(council.commissioner, referral), issuing_by(second, referral))

    assert refusals(done.both) == [IllegalTransition]
    assert invited_ids(referral, council.commissioner) == {mine.establishment.pk}


@pytest.mark.off_switch("qualified-list")
def test_whoever_qualifies_while_a_referral_is_sent_is_invited(region, council, mine, late):
    referral = make_draft(region, council.commissioner)

    done = in_turn(issuing_by(council.commissioner, referral), qualifying(region, late))

    assert refusals(done.both) == []
    assert invited_ids(referral, council.commissioner) == {
        mine.establishment.pk,
        late.establishment.pk,
    }


@pytest.mark.off_switch("open-referral-rows")
def test_nobody_is_invited_to_a_referral_that_is_being_withdrawn(region, council, mine, late):
    referral = make_open(region, council.commissioner)
    withdraw = act(
        withdrawing.withdraw_referral,
        actor=council.commissioner,
        now=SOON,
        referral_id=referral.pk,
        reason="The family has moved.",
    )

    done = in_turn(withdraw, qualifying(region, late))

    assert refusals(done.both) == []
    assert invited_ids(referral, council.commissioner) == {mine.establishment.pk}
