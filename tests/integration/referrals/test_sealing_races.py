"""Many at once around a deadline, on real transactions: each counts or is plainly refused."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection

from dps.actors import Role, system
from dps.audit.verify import verify
from dps.models import AuditEvent
from dps.refusals import Refusal
from dps.tenancy.identity import acting_as
from qualification.models import Suspension
from qualification.services.suspending import suspend
from referrals.models import Bid, Invitation, OpeningApproval, Referral, SealedBid
from referrals.queries.invitations import carried_lines
from referrals.services import bidding, declining, withdrawing
from referrals.services.opening import approve_opening
from tests.at_once import act, in_turn, refusals, together
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.referrals import (
    DEADLINE,
    a_bid,
    invitation_of,
    make_council,
    make_open,
    make_school,
    submit,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SOON = NOON + timedelta(hours=1)
SECOND = timedelta(seconds=1)
OPENING = DEADLINE + timedelta(seconds=90)


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
def referral(region, council, mine):
    return make_open(region, council.commissioner)


def sending(school, referral, *, received, recorded=None, **changes):
    """The bid arrived at one moment, and reaches the database at another."""
    invitation = invitation_of(school, referral)

    def call(hold=None):
        with acting_as(school.head, at=recorded or received):
            content = a_bid(carried_lines(invitation), **changes)
            sealed = bidding.submit_bid(
                invitation_id=invitation.pk, content=content, actor=school.head, now=received
            )
            if hold is not None:
                hold()
            return sealed

    return call


def opening(actor, referral):
    return act(approve_opening, actor=actor, now=OPENING, referral_id=referral.pk)


def opened_bids(council):
    with acting_as(council.commissioner):
        return Bid.objects.count()


def revisions(school):
    with acting_as(school.head):
        return list(SealedBid.objects.order_by("revision").values_list("revision", flat=True))


def kinds(results):
    return [type(one) for one in results if isinstance(one, Exception)]


@pytest.mark.off_switch("deadline-rule")
def test_a_storm_around_the_deadline_each_counts_by_its_own_receipt(region, council):
    schools = [make_school(region) for _ in range(12)]
    referral = make_open(region, council.commissioner)
    chance = random.Random(7)
    at = [DEADLINE + chance.uniform(-2, 2) * SECOND for _ in schools]
    at[0], at[1] = DEADLINE, DEADLINE - timedelta(microseconds=1)

    results = together(
        *[
            sending(school, referral, received=moment, recorded=max(moment, DEADLINE + SECOND))
            for school, moment in zip(schools, at, strict=True)
        ]
    )

    counted = [isinstance(one, SealedBid) for one in results]
    assert counted == [moment < DEADLINE for moment in at]
    assert set(kinds(results)) == {bidding.BiddingClosed}
    assert [len(revisions(school)) for school in schools] == [int(one) for one in counted]
    with acting_as(system(region.west.pk)):
        assert verify(region.west.pk).is_sound


@pytest.mark.off_switch("bid-shares-referral")
def test_an_opening_waits_for_a_bid_that_is_being_recorded(council, mine, referral):
    opening(council.commissioner, referral)()

    done = in_turn(
        sending(mine, referral, received=DEADLINE - SECOND, recorded=DEADLINE + 50 * SECOND),
        opening(council.approver, referral),
    )

    assert (kinds(done.both), done.waited) == ([], True)
    assert opened_bids(council) == 1


@pytest.mark.off_switch("bid-while-open")
@pytest.mark.off_switch("bid-shares-referral")
def test_a_bid_that_comes_while_they_are_opened_is_refused(council, mine, referral):
    opening(council.commissioner, referral)()

    done = in_turn(
        opening(council.approver, referral),
        sending(mine, referral, received=DEADLINE - SECOND, recorded=DEADLINE + 50 * SECOND),
    )

    assert (kinds(done.both), done.waited) == ([bidding.BiddingClosed], True)
    assert (opened_bids(council), revisions(mine)) == (0, [])


@pytest.mark.off_switch("opening-holds-referral")
def test_the_databases_function_opens_once_whoever_else_asks(council, mine, referral):
    submit(mine, referral)
    for actor in (council.commissioner, council.approver):
        with acting_as(actor, at=OPENING):
            OpeningApproval.objects.create(
                authority_id=referral.authority_id,
                referral=referral,
                person_id=actor.person_id,
                approved_at=OPENING,
            )

    def ask(hold=None):
        with acting_as(council.commissioner, at=OPENING), connection.cursor() as cursor:
            cursor.execute("SELECT open_sealed_bids(%s, %s)", [referral.authority_id, referral.pk])
            if hold is not None:
                hold()

    done = in_turn(ask, ask)

    assert (done.first, done.waited) == (None, True)
    assert "the bids are open already" in str(done.second)
    assert opened_bids(council) == 1


def suspending(region, school):
    officer = make_person(Role.SENIOR_CONTRACTS_OFFICER, authority=region.west)
    return act(
        suspend,
        actor=officer,
        now=SOON,
        establishment_id=school.establishment.pk,
        cause="other",
        reason="Contract term 4.",
    )


@pytest.mark.off_switch("suspended-cannot-bid")
@pytest.mark.off_switch("bid-shares-establishment")
def test_a_bid_waits_for_a_suspension_and_is_refused(region, mine, referral):
    done = in_turn(suspending(region, mine), sending(mine, referral, received=SOON))

    assert isinstance(done.first, Suspension)
    assert (type(done.second), done.waited) == (bidding.EstablishmentSuspended, True)
    assert revisions(mine) == []


@pytest.mark.off_switch("bid-shares-establishment")
@pytest.mark.off_switch("suspending-establishment-row")
def test_a_suspension_waits_for_a_bid_which_then_stands(region, mine, referral):
    done = in_turn(sending(mine, referral, received=SOON), suspending(region, mine))

    assert isinstance(done.first, SealedBid)
    assert (type(done.second), done.waited) == (Suspension, True)


@pytest.mark.off_switch("bid-shares-referral")
def test_a_bid_waits_for_a_withdrawal_of_the_referral_and_is_refused(council, mine, referral):
    withdraw = act(
        withdrawing.withdraw_referral,
        actor=council.commissioner,
        now=SOON,
        referral_id=referral.pk,
        reason="The family has moved.",
    )

    done = in_turn(withdraw, sending(mine, referral, received=SOON))

    assert (kinds(done.both), done.waited) == ([bidding.BiddingClosed], True)
    assert revisions(mine) == []


@pytest.mark.off_switch("invitation")
def test_two_of_a_provider_at_once_get_revisions_in_order(mine, referral):
    done = in_turn(
        sending(mine, referral, received=SOON, variable=1),
        sending(mine, referral, received=SOON, variable=2),
    )

    assert kinds(done.both) == []
    assert [one.revision for one in done.both] == [1, 2]


def pressing(school, referral):
    """The page's button: what the draft says, loaded before anybody waits."""
    invitation = invitation_of(school, referral)
    with acting_as(school.head, at=SOON):
        content = a_bid(carried_lines(invitation))
        what = {"invitation_id": invitation.pk, "content": content}
        bidding.save_draft(**what, actor=school.head, now=SOON)
    return act(bidding.submit_bid, actor=school.head, now=SOON, **what)


@pytest.mark.off_switch("submitted-once")
def test_a_button_pressed_twice_submits_once(region, mine, referral):
    press = pressing(mine, referral)

    done = in_turn(press, press)

    assert (kinds(done.both), done.waited) == ([], True)
    assert [one.revision for one in done.both] == [1, 1]
    assert revisions(mine) == [1]
    with acting_as(system(region.west.pk)):
        assert AuditEvent.objects.filter(action="bid.submitted").count() == 1


def test_the_same_words_written_and_sent_anew_are_a_revision(mine, referral):
    pressing(mine, referral)()
    pressing(mine, referral)()

    assert revisions(mine) == [1, 2]


def test_a_bid_sent_again_after_its_withdrawal_stands_again(mine, referral):
    press = pressing(mine, referral)
    press()
    invitation = invitation_of(mine, referral)
    act(bidding.withdraw_bid, actor=mine.head, now=SOON, invitation_id=invitation.pk)()
    press()

    assert revisions(mine) == [1, 2, 3]


@pytest.mark.off_switch("invitation")
def test_a_bid_and_a_decline_at_once_never_both_stand(mine, referral):
    decline = act(
        declining.decline,
        actor=mine.head,
        now=SOON,
        invitation_id=invitation_of(mine, referral).pk,
        reason="capacity",
        note="",
    )

    done = in_turn(sending(mine, referral, received=SOON), decline)

    assert refusals(done.both) == [declining.WithdrawTheBidFirst]
    with acting_as(mine.head):
        assert (Invitation.objects.get().declined_at, revisions(mine)) == (None, [1])


def test_nothing_here_is_anything_but_a_refusal(mine, referral):
    """A page turns refusals into words; whatever else is raised would be a page that says 500."""
    submit(mine, referral)

    results = together(
        *[sending(mine, referral, received=moment) for moment in (SOON, DEADLINE, DEADLINE)]
    )

    assert all(isinstance(one, Refusal | SealedBid) for one in results)
    with acting_as(system(referral.authority_id)):
        assert Referral.objects.get().state == "open"
