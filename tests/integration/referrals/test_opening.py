"""Opening the sealed bids: two people, after the deadline and its grace, once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import Role, system
from dps.models import AuditEvent, Message
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from referrals.models import Bid, ChildIdentity, GradingPaper, Invitation, OpeningApproval, Referral
from referrals.queries.evaluation import openers_of, suspended_since_opening
from referrals.services.opening import BiddingStillOpen, SecondPersonNeeded, approve_opening
from referrals.services.scoring_run import PRICE_OF_NOTHING
from tests.factories.evaluation import (
    DEADLINE,
    OPENING,
    content,
    invite,
    make_case,
    open_case,
    seal_bid,
    suspend,
)
from tests.factories.kernel import make_person


def state_of(case):
    """All that an opening may change."""
    with acting_as(case.commissioner):
        referral = Referral.objects.get(id=case.referral_id)
        return (
            referral.state,
            referral.opened_at,
            OpeningApproval.objects.count(),
            Bid.objects.count(),
            GradingPaper.objects.count(),
            AuditEvent.objects.count(),
        )


def approve(case, actor, *, at=OPENING):
    return case.act(actor, approve_opening, referral_id=case.referral_id, at=at)


def test_the_first_approval_opens_nothing(region):
    case = make_case(region)
    seal_bid(case, "Alder")

    approve(case, case.commissioner)

    state, opened_at, approvals, bids, papers, _events = state_of(case)
    assert (state, opened_at, approvals, bids, papers) == ("open", None, 1, 0, 0)


def test_the_second_person_opens_and_the_automatic_facts_stand(region):
    case = make_case(region)
    invite(case, "Alder", east=16_094, competency=81_25)
    seal_bid(case, "Alder", content(weekly=1000_00, features=("makaton",), discount=2_50))

    open_case(case)

    with acting_as(case.commissioner):
        bid = Bid.objects.get()
        paper = GradingPaper.objects.get()
        invited = Invitation.objects.get(referral_id=case.referral_id)
        events = list(AuditEvent.objects.order_by("id").values_list("action", "actor_name"))
    assert case.referral.state == "grading"
    assert openers_of_case(case) == {case.second_commissioner.person_id, case.approver.person_id}
    # 39 weeks at £1,000.00 less 2.5 per cent; ten miles are 16,093.44 metres.
    assert bid.annual_price_pence == 38_025_00
    assert (bid.distance, bid.competency, bid.missing_features) == (1000, 81_25, ["step-free"])
    assert (paper.label, paper.statement) == ("Bid A", "We work on each outcome every day.")
    assert invited.referral_state == "grading"
    assert events[-4:] == [
        ("opening.approved", "Colin Second"),
        ("opening.approved", "Anna Approver"),
        ("child.home_read", "Anna Approver"),
        ("bids.opened", "Anna Approver"),
    ]


def openers_of_case(case):
    with acting_as(case.commissioner):
        return openers_of(Referral.objects.get(id=case.referral_id))


def test_evaluators_are_told_and_nobody_is_when_there_is_no_bid(region):
    with_a_bid, without = make_case(region), make_case(region)
    seal_bid(with_a_bid, "Alder")

    open_case(with_a_bid)
    open_case(without)

    with acting_as(system(region.west.id)):
        told = Message.objects.filter(template="referrals/papers_to_grade")
        references = set(told.values_list("context__reference", flat=True))
    assert references == {with_a_bid.referral.reference}
    assert without.referral.state == "grading"


def test_only_the_last_revision_counts_and_a_withdrawn_bid_does_not(region):
    case = make_case(region)
    seal_bid(case, "Alder", content(weekly=900_00), at=DEADLINE - timedelta(hours=3))
    seal_bid(case, "Alder", content(weekly=800_00), at=DEADLINE - timedelta(hours=2))

    open_case(case)

    with acting_as(case.commissioner):
        assert [bid.annual_price_pence for bid in Bid.objects.all()] == [800_00 * 39]


def test_a_price_of_nothing_is_set_aside_and_stops_nobody(region):
    case = make_case(region)
    seal_bid(case, "Alder", content(discount=100_00))
    seal_bid(case, "Birch")

    open_case(case)

    with acting_as(case.commissioner):
        found = set(Bid.objects.values_list("annual_price_pence", "set_aside_reason"))
    assert found == {(None, PRICE_OF_NOTHING), (39_000_00, "")}


def test_without_a_home_no_distance_is_known(region):
    case = make_case(region)
    seal_bid(case, "Alder")
    with acting_as(case.commissioner):
        ChildIdentity.objects.update(point=b"")

    open_case(case)

    with acting_as(case.commissioner):
        assert Bid.objects.get().distance is None
        assert AuditEvent.objects.filter(action="child.home_read").count() == 0


@pytest.mark.parametrize("early", [timedelta(seconds=59), timedelta(0), timedelta(days=-3)])
def test_before_the_deadline_and_its_grace_nothing_opens(region, early):
    case = make_case(region)
    seal_bid(case, "Alder")
    before = state_of(case)

    for actor in (case.commissioner, case.approver):
        with pytest.raises(BiddingStillOpen):
            approve(case, actor, at=DEADLINE + early)

    assert state_of(case) == before


def test_one_person_is_not_two(region):
    case = make_case(region)
    approve(case, case.commissioner)
    before = state_of(case)

    with pytest.raises(SecondPersonNeeded):
        approve(case, case.commissioner, at=OPENING + timedelta(minutes=29))

    assert state_of(case) == before


def test_approvals_more_than_half_an_hour_apart_do_not_meet(region):
    case = make_case(region)
    approve(case, case.commissioner)

    approve(case, case.approver, at=OPENING + timedelta(minutes=30))
    assert case.referral.state == "open"
    approve(case, case.commissioner, at=OPENING + timedelta(minutes=31))

    assert case.referral.state == "grading"


def test_open_bids_are_not_opened_again(region):
    case = open_case(make_case(region))
    before = state_of(case)

    with pytest.raises(IllegalTransition):
        approve(case, case.commissioner)

    assert state_of(case) == before


@pytest.mark.off_switch("permission-of-services")
def test_only_commissioners_and_approvers_of_the_authority_open(region):
    case = make_case(region)
    stranger = make_person(Role.COMMISSIONER, authority=region.east)
    before = state_of(case)

    for actor in (
        *case.evaluators,
        make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west),
    ):
        with pytest.raises(NotPermitted):
            approve(case, actor)
    with pytest.raises(Referral.DoesNotExist):
        approve(case, stranger)

    assert state_of(case) == before


def test_suspended_at_or_after_the_opening_is_out_even_if_reinstated(region):
    case = make_case(region)
    for name in ("Before", "After", "Never"):
        seal_bid(case, name)
    gone = suspend(case, "Before", at=DEADLINE + timedelta(seconds=30))
    open_case(case)
    later = suspend(case, "After", at=OPENING + timedelta(hours=1))
    with acting_as(system(0)):
        for one in (gone, later):
            one.lifted_at, one.lift_reason = OPENING + timedelta(hours=2), "Put right"
            one.save()

    with acting_as(case.commissioner):
        referral = Referral.objects.get(id=case.referral_id)
        ids = {name: inv.establishment_id for name, inv in case.invitations.items()}
        out = suspended_since_opening(referral, list(ids.values()), now=OPENING + timedelta(days=1))
    assert out == {ids["Before"], ids["After"]}


def test_lifted_before_the_opening_counts_again(region):
    case = make_case(region)
    seal_bid(case, "Alder")
    row = suspend(case, "Alder", at=DEADLINE + timedelta(seconds=10))
    with acting_as(system(0)):
        row.lifted_at, row.lift_reason = DEADLINE + timedelta(seconds=50), "Put right"
        row.save()
    open_case(case)

    with acting_as(case.commissioner):
        referral = Referral.objects.get(id=case.referral_id)
        alder = case.invitations["Alder"].establishment_id
        assert suspended_since_opening(referral, [alder], now=OPENING) == frozenset()


# The function itself, asked by SQL past the service.


def ask(case, actor, *, at=OPENING):
    with acting_as(actor, at=at), connection.cursor() as cursor:
        cursor.execute("SELECT open_sealed_bids(%s, %s)", [case.region.west.id, case.referral_id])
        return cursor.fetchone()[0]


def refused_by_sql(case, actor, match, *, at=OPENING):
    before = state_of(case)
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        ask(case, actor, at=at)
    assert state_of(case) == before


def approved_by_sql(case, actor, *, at=OPENING):
    with acting_as(actor, at=at):
        OpeningApproval.objects.create(
            authority_id=case.region.west.id,
            referral_id=case.referral_id,
            person_id=actor.person_id,
            approved_at=at,
        )


@pytest.mark.off_switch("opened-by-two")
def test_the_function_wants_two_people(region):
    case = make_case(region)
    seal_bid(case, "Alder")

    refused_by_sql(case, case.commissioner, "two people open the bids")
    approved_by_sql(case, case.commissioner)
    refused_by_sql(case, case.commissioner, "two people open the bids")
    approved_by_sql(case, case.approver)

    assert ask(case, case.approver) == 1


@pytest.mark.off_switch("opened-within-half-an-hour")
def test_the_function_forgets_an_approval_after_half_an_hour(region):
    case = make_case(region)
    approved_by_sql(case, case.commissioner)
    late = OPENING + timedelta(minutes=31)
    approved_by_sql(case, case.approver, at=late)

    refused_by_sql(case, case.approver, "two people open the bids", at=late)


@pytest.mark.off_switch("opened-after-the-deadline")
def test_the_function_keeps_the_deadline(region):
    case = make_case(region)
    early = DEADLINE + timedelta(seconds=58)
    for actor in (case.commissioner, case.approver):
        approved_by_sql(case, actor, at=early)

    refused_by_sql(case, case.approver, "bidding is still open", at=early)


@pytest.mark.off_switch("opened-once")
def test_the_function_opens_once(region):
    case = open_case(make_case(region))

    refused_by_sql(case, case.approver, "the bids are open already")


@pytest.mark.off_switch("opened-by-the-authority")
def test_the_function_serves_the_authority_alone(region):
    case = make_case(region)
    seal_bid(case, "Alder")
    approved_by_sql(case, case.commissioner)
    approved_by_sql(case, case.approver)

    stranger = make_person(Role.COMMISSIONER, authority=region.east)
    refused_by_sql(case, stranger, "only the authority itself")
    for actor in (case.bidders["Alder"], system(region.west.id)):
        refused_by_sql(case, actor, "permission denied")


@pytest.mark.off_switch("approval-in-own-name")
def test_nobody_approves_in_the_name_of_another(region):
    case = make_case(region)

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        with acting_as(case.commissioner, at=OPENING):
            OpeningApproval.objects.create(
                authority_id=region.west.id,
                referral_id=case.referral_id,
                person_id=case.approver.person_id,
                approved_at=OPENING,
            )


@pytest.mark.off_switch("deadline-kept")
def test_an_opening_is_neither_dated_back_nor_taken_back(region):
    case = make_case(region)
    before = state_of(case)
    with pytest.raises(DatabaseError, match="not opened before the deadline"), transaction.atomic():
        with acting_as(case.commissioner, at=DEADLINE + timedelta(seconds=30)):
            Referral.objects.update(opened_at=DEADLINE + timedelta(seconds=30))
    assert state_of(case) == before
    open_case(case)
    with pytest.raises(DatabaseError, match="never taken back"), transaction.atomic():
        with acting_as(case.commissioner, at=OPENING):
            Referral.objects.update(opened_at=None)
