"""Many at once around a deadline, on real transactions: each counts or is plainly refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, connections

from dps.actors import REGION_ID, Role, system
from dps.audit.verify import verify
from dps.refusals import IllegalTransition, Refusal
from dps.tenancy.identity import acting_as
from qualification.models import Qualification, Suspension
from qualification.services.suspending import suspend
from referrals.models import Bid, Invitation, Referral, SealedBid
from referrals.queries.invitations import carried_lines
from referrals.services import bidding, declining, inviting, issuing, raising, withdrawing
from referrals.services.opening import approve_opening
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.referrals import (
    DEADLINE,
    a_bid,
    invitation_of,
    invited_ids,
    make_council,
    make_draft,
    make_open,
    make_school,
    qualify,
    submit,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
Call = Callable[[], object]
SOON = NOON + timedelta(hours=1)
SECOND = timedelta(seconds=1)
OPENING = DEADLINE + timedelta(seconds=90)
LONGEST_WAIT = 20


def together(*calls: Call) -> list[object]:
    """Each call in a thread of its own, started at once; what it gave or raised, in order."""
    start, results = Barrier(len(calls)), [None] * len(calls)

    def run(number: int, call: Call) -> None:
        try:
            start.wait()
            results[number] = call()
        except Exception as problem:
            results[number] = problem
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def first_waits_for(second: Call, first: Callable[[Call], object]) -> list[object]:
    """
    `first` runs, and calls what it is given while its transaction is still open; only then does
    `second` begin. The test fails if `second` has not waited for a lock of `first`.
    """
    begun, results, waits = Event(), [None, None], []

    def pause() -> None:
        begun.set()
        waits.append(somebody_waits())

    def run_first() -> None:
        results[0] = attempt(lambda: first(pause))

    def run_second() -> None:
        begun.wait(LONGEST_WAIT)
        results[1] = attempt(second)

    threads = [Thread(target=run_first), Thread(target=run_second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits == [True]
    return results


def attempt(call: Call) -> object:
    try:
        return call()
    except Exception as problem:
        return problem
    finally:
        connections.close_all()


def somebody_waits() -> bool:
    """Whether another session waits for a lock, soon: looks for about ten seconds."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_sleep(0.05), count(*) FROM pg_locks"
                " WHERE NOT granted AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[1]:
                return True
    return False


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


def sending(school, referral, *, received, recorded=None, pause=None, **changes):
    invitation = invitation_of(school, referral)

    def call():
        with acting_as(school.head, at=recorded or received):
            content = a_bid(carried_lines(invitation), **changes)
            sealed = bidding.submit_bid(
                invitation_id=invitation.pk, content=content, actor=school.head, now=received
            )
            if pause is not None:
                pause()
            return sealed

    return call


def opening(council, referral, *, pause=None):
    def call():
        with acting_as(council.approver, at=OPENING):
            opened = approve_opening(referral_id=referral.pk, actor=council.approver, now=OPENING)
            if pause is not None:
                pause()
            return opened

    return call


def approve_once(council, referral):
    with acting_as(council.commissioner, at=OPENING):
        approve_opening(referral_id=referral.pk, actor=council.commissioner, now=OPENING)


def opened_bids(council):
    with acting_as(council.commissioner):
        return Bid.objects.count()


def revisions(school):
    with acting_as(school.head):
        return list(SealedBid.objects.order_by("revision").values_list("revision", flat=True))


def kinds(results):
    return [type(one) for one in results if isinstance(one, Exception)]


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


def test_an_opening_waits_for_a_bid_that_is_being_recorded(council, mine, referral):
    approve_once(council, referral)

    bid, opened = first_waits_for(
        opening(council, referral),
        lambda pause: sending(
            mine,
            referral,
            received=DEADLINE - SECOND,
            recorded=DEADLINE + 50 * SECOND,
            pause=pause,
        )(),
    )

    assert isinstance(bid, SealedBid)
    assert not isinstance(opened, Exception), opened
    assert opened_bids(council) == 1


def test_a_bid_that_comes_while_they_are_opened_is_refused(council, mine, referral):
    approve_once(council, referral)

    opened, bid = first_waits_for(
        sending(mine, referral, received=DEADLINE - SECOND, recorded=DEADLINE + 50 * SECOND),
        lambda pause: opening(council, referral, pause=pause)(),
    )

    assert not isinstance(opened, Exception), opened
    assert type(bid) is bidding.BiddingClosed
    assert (opened_bids(council), revisions(mine)) == (0, [])


def suspending(region, school, *, pause=None):
    officer = make_person(Role.SENIOR_CONTRACTS_OFFICER, authority=region.west)

    def call():
        with acting_as(officer, at=SOON):
            made = suspend(
                establishment_id=school.establishment.pk,
                cause="other",
                reason="Contract term 4.",
                actor=officer,
                now=SOON,
            )
            if pause is not None:
                pause()
            return made

    return call


def test_a_bid_waits_for_a_suspension_and_is_refused(region, mine, referral):
    suspended, bid = first_waits_for(
        sending(mine, referral, received=SOON),
        lambda pause: suspending(region, mine, pause=pause)(),
    )

    assert isinstance(suspended, Suspension)
    assert type(bid) is bidding.EstablishmentSuspended
    assert revisions(mine) == []


def test_a_suspension_waits_for_a_bid_which_then_stands(region, mine, referral):
    suspend_it = suspending(region, mine)

    bid, suspended = first_waits_for(
        suspend_it,
        lambda pause: sending(mine, referral, received=SOON, pause=pause)(),
    )

    assert isinstance(bid, SealedBid)
    assert isinstance(suspended, Suspension)


def test_a_withdrawal_of_the_referral_and_a_bid_wait_for_each_other(council, mine, referral):
    def withdraw(pause=None):
        with acting_as(council.commissioner, at=SOON):
            withdrawing.withdraw_referral(
                referral_id=referral.pk,
                reason="The family has moved.",
                actor=council.commissioner,
                now=SOON,
            )
            if pause is not None:
                pause()

    withdrawn, bid = first_waits_for(sending(mine, referral, received=SOON), withdraw)

    assert withdrawn is None
    assert type(bid) in (bidding.ReferralWithdrawn, bidding.BiddingClosed)
    assert revisions(mine) == []


@pytest.mark.parametrize("_round", range(3))
def test_all_of_a_provider_at_once_get_revisions_in_order(mine, referral, _round):
    results = together(
        *[sending(mine, referral, received=SOON, variable=pence) for pence in range(1, 6)]
    )

    assert kinds(results) == []
    assert sorted(one.revision for one in results) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("_round", range(3))
def test_a_bid_and_a_decline_at_once_never_both_stand(mine, referral, _round):
    invitation = invitation_of(mine, referral)

    def refuse():
        with acting_as(mine.head, at=SOON):
            declining.decline(
                invitation_id=invitation.pk,
                reason="capacity",
                note="",
                actor=mine.head,
                now=SOON,
            )

    results = together(sending(mine, referral, received=SOON), refuse)

    raised = kinds(results)
    assert raised in ([bidding.InvitationDeclined], [declining.WithdrawTheBidFirst])
    with acting_as(mine.head):
        declined = Invitation.objects.get().declined_at is not None
    assert declined != bool(revisions(mine))


@pytest.mark.parametrize("_round", range(3))
def test_two_who_send_a_referral_at_once_send_it_once(region, council, mine, _round):
    referral = make_draft(region, council.commissioner)
    second = make_person(Role.COMMISSIONER, authority=region.west)

    def send(actor):
        with acting_as(actor, at=NOON):
            issuing.issue_referral(referral_id=referral.pk, actor=actor, now=NOON)

    results = together(lambda: send(council.commissioner), lambda: send(second))

    assert kinds(results) == [IllegalTransition]
    assert invited_ids(referral, council.commissioner) == {mine.establishment.pk}


def test_all_who_begin_a_referral_at_once_get_numbers_of_their_own(region, council):
    def begin():
        with acting_as(council.commissioner, at=NOON):
            return raising.raise_referral(
                category_id=region.category.pk, actor=council.commissioner, now=NOON
            )

    results = together(*[begin] * 6)

    assert sorted(one.reference for one in results) == [
        f"WSX-2026-{number:06d}" for number in range(1, 7)
    ]


@pytest.mark.parametrize("_round", range(3))
def test_whoever_qualifies_while_a_referral_is_sent_is_invited_once(region, council, mine, _round):
    late = make_school(region, "Late")
    with acting_as(system(REGION_ID)):
        Qualification.objects.filter(establishment=late.establishment).update(ended_at=NOON)
    referral = make_draft(region, council.commissioner)

    def send():
        with acting_as(council.commissioner, at=NOON):
            issuing.issue_referral(referral_id=referral.pk, actor=council.commissioner, now=NOON)

    def qualify_and_invite():
        with acting_as(system(REGION_ID)):
            qualify(region, late.establishment)
        boss = system(region.west.pk)
        with acting_as(boss, at=SOON):
            inviting.invite_newly_qualified(
                establishment_id=str(late.establishment.pk), actor=boss, now=SOON
            )

    results = together(send, qualify_and_invite)

    assert kinds(results) == []
    assert invited_ids(referral, council.commissioner) == {
        mine.establishment.pk,
        late.establishment.pk,
    }


def test_nothing_here_is_anything_but_a_refusal(mine, referral):
    """A page turns refusals into words; whatever else is raised would be a page that says 500."""
    submit(mine, referral)

    results = together(
        *[sending(mine, referral, received=moment) for moment in (SOON, DEADLINE, DEADLINE)]
    )

    assert all(isinstance(one, Refusal | SealedBid) for one in results)
    with acting_as(system(referral.authority_id)):
        assert Referral.objects.get().state == "open"
