"""A bid from draft to receipt, change and withdrawal; and every refusal."""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dps.actors import Role, system
from dps.models import AuditEvent
from dps.refusals import NotFound, NotPermitted
from dps.tenancy.identity import acting_as
from referrals import sealing
from referrals.bid_content import (
    BidContent,
    CoreCostRaised,
    CoreCostsChanged,
    NotABid,
    NotReadyToSubmit,
)
from referrals.models import BidDraft, BidProgress, Invitation, SealedBid
from referrals.queries.invitations import carried_lines
from referrals.services import bidding, declining, withdrawing
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import (
    DEADLINE,
    a_bid,
    invitation_of,
    make_council,
    make_open,
    make_school,
    submit,
    suspend,
)

SOON = NOON + timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def council(region):
    return make_council(region.west)


@pytest.fixture
def mine(region):
    return make_school(region, "Mine")


@pytest.fixture
def referral(region, council, mine):
    return make_open(region, council.commissioner)


def send(school, referral, content, *, at=SOON):
    invitation = invitation_of(school, referral)
    with acting_as(school.head, at=at):
        return bidding.submit_bid(
            invitation_id=invitation.pk, content=content, actor=school.head, now=at
        )


def lines_of(school, referral):
    invitation = invitation_of(school, referral)
    with acting_as(school.head):
        return carried_lines(invitation)


def revisions(school):
    with acting_as(school.head):
        return list(SealedBid.objects.order_by("revision").values_list("revision", "is_withdrawal"))


def test_a_submission_is_sealed_with_a_digest_that_its_receipt_proves(mine, referral):
    content = a_bid(lines_of(mine, referral))

    sealed = send(mine, referral, content)

    body = {
        "content": content.as_json(),
        "establishment": str(mine.establishment.pk),
        "invitation": str(sealed.invitation_id),
        "provider": str(mine.provider.pk),
        "received_at": "2026-11-02T13:00:00.000000+00:00",
        "referral": str(referral.pk),
        "revision": 1,
        "salt": sealed.salt,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sealed.digest == hashlib.sha256(text.encode()).hexdigest()
    assert sealing.unseal(sealed.content) == content
    assert timedelta() <= sealed.recorded_at - SOON < timedelta(seconds=30)
    assert len(sealed.salt) == 64


def test_the_submission_is_in_the_councils_trail_under_seal(council, mine, referral):
    sealed = submit(mine, referral)

    with acting_as(system(referral.authority_id)):
        event = AuditEvent.objects.get(action="bid.submitted")
    told = json.loads(event.body)
    assert (event.authority_id, event.sealed_referral_id) == (
        referral.authority_id,
        referral.pk,
    )
    assert told["facts"]["digest"] == sealed.digest
    assert told["actor"]["provider_id"] == str(mine.provider.pk)


def test_a_draft_becomes_a_bid_and_the_draft_goes(mine, referral):
    invitation = invitation_of(mine, referral)
    half = BidContent(statement="Half", lines=lines_of(mine, referral))
    with acting_as(mine.head, at=SOON):
        for words in ("Half", "Half and more"):
            bidding.save_draft(
                invitation_id=invitation.pk,
                content=replace(half, statement=words),
                actor=mine.head,
                now=SOON,
            )
        drafts = [row.content["statement"] for row in BidDraft.objects.all()]
        progress = BidProgress.objects.get().state

    submit(mine, referral)

    assert (drafts, progress) == (["Half and more"], "draft")
    with acting_as(mine.head):
        assert not BidDraft.objects.exists()
        assert BidProgress.objects.get().state == "submitted"


def test_it_can_be_changed_withdrawn_and_submitted_again_each_a_revision(mine, referral):
    submit(mine, referral)
    submit(mine, referral, at=SOON + timedelta(hours=1), variable=100_00)
    invitation = invitation_of(mine, referral)
    with acting_as(mine.head, at=SOON + timedelta(hours=2)):
        bidding.withdraw_bid(
            invitation_id=invitation.pk, actor=mine.head, now=SOON + timedelta(hours=2)
        )
        with pytest.raises(bidding.NoBidStands):
            bidding.withdraw_bid(invitation_id=invitation.pk, actor=mine.head, now=SOON)
        assert BidProgress.objects.get().state == "withdrawn"

    submit(mine, referral, at=SOON + timedelta(hours=3))

    assert revisions(mine) == [(1, False), (2, False), (3, True), (4, False)]


@pytest.mark.parametrize(
    ("at", "counts"),
    [(DEADLINE - MICROSECOND, True), (DEADLINE, False), (DEADLINE + MICROSECOND, False)],
)
def test_a_bid_is_in_time_strictly_before_the_deadline(mine, referral, at, counts):
    if counts:
        send(mine, referral, a_bid(lines_of(mine, referral)), at=at)
    else:
        with pytest.raises(bidding.BiddingClosed, match="16 November 2026 at 12:00:00"):
            send(mine, referral, a_bid(lines_of(mine, referral)), at=at)

    assert len(revisions(mine)) == counts


def record_at(moment, school, referral, *, received):
    """What was received at one moment reaches the database at another."""
    invitation = invitation_of(school, referral)
    content = a_bid(lines_of(school, referral))
    with acting_as(school.head, at=moment):
        bidding.submit_bid(
            invitation_id=invitation.pk, content=content, actor=school.head, now=received
        )


def test_what_waits_for_its_lock_past_the_deadline_has_a_grace(mine, referral):
    in_time = DEADLINE - timedelta(seconds=30)

    record_at(DEADLINE + timedelta(seconds=25), mine, referral, received=in_time)

    assert revisions(mine) == [(1, False)]


@pytest.mark.off_switch("sealed-bids-checked")
def test_what_is_recorded_after_the_grace_is_our_fault_and_refused(mine, referral):
    in_time = DEADLINE - timedelta(seconds=1)

    with pytest.raises(bidding.HeldUp):
        record_at(DEADLINE + timedelta(seconds=60), mine, referral, received=in_time)

    assert revisions(mine) == []


@pytest.mark.off_switch("receipt-credible")
def test_a_stamp_that_the_databases_clock_contradicts_is_refused(mine, referral):
    invitation = invitation_of(mine, referral)
    content = a_bid(lines_of(mine, referral))

    for off in (timedelta(seconds=-61), timedelta(seconds=30)):
        with acting_as(mine.head, at=SOON), pytest.raises(bidding.ReceiptNotCredible):
            bidding.submit_bid(
                invitation_id=invitation.pk, content=content, actor=mine.head, now=SOON + off
            )

    assert revisions(mine) == []


def changed(**changes):
    return lambda content: replace(content, **changes)


def core(amount):
    def change(content):
        first, *rest = content.lines
        return replace(content, lines=(replace(first, amount=amount), *rest))

    return change


def other_core(content):
    first, *rest = content.lines
    return replace(content, lines=(replace(first, carried=99_000_00), *rest))


def free(content):
    return replace(content, lines=tuple(replace(line, amount=0) for line in content.lines))


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        (changed(statement="  "), NotReadyToSubmit, "statement"),
        (changed(statement="word " * 751), NotReadyToSubmit, "statement"),
        (changed(family_words="word " * 151), NotReadyToSubmit, "family_words"),
        (changed(has_vacancy=None), NotReadyToSubmit, "has_vacancy"),
        (changed(earliest_start=None), NotReadyToSubmit, "earliest_start"),
        (changed(earliest_start=date.max), NotReadyToSubmit, "earliest_start"),
        (changed(earliest_start=date(1999, 9, 1)), NotReadyToSubmit, "earliest_start"),
        (changed(earliest_start=SOON.date() - date.resolution), NotReadyToSubmit, "earliest_start"),
        (changed(needs_met=("need-9",)), NotABid, "needs_met"),
        (changed(features_met=("feature-1", "feature-1")), NotABid, "features_met"),
        (changed(statement="a\0b"), NotABid, ""),
        (changed(discount=100_01), NotABid, "discount"),
        (changed(discount=100_00), NotReadyToSubmit, "discount"),
        (changed(lines=()), CoreCostsChanged, "lines"),
        (core(30_000_01), CoreCostRaised, "core_staffing"),
        (other_core, CoreCostsChanged, "lines"),
        (free, NotReadyToSubmit, "lines"),
    ],
)
def test_a_bid_that_cannot_be_scored_or_opened_is_refused_and_nothing_changed(
    mine, referral, change, refusal, field
):
    content = change(a_bid(lines_of(mine, referral)))

    with pytest.raises(refusal) as refused:
        send(mine, referral, content)

    assert refused.value.field == field
    assert revisions(mine) == []
    with acting_as(mine.head):
        assert not BidProgress.objects.exists()


def test_a_core_cost_may_be_lowered(mine, referral):
    content = core(1_00)(a_bid(lines_of(mine, referral)))

    assert sealing.unseal(send(mine, referral, content).content).lines[0].amount == 1_00


def test_a_suspended_establishment_cannot_bid(mine, referral):
    suspend(mine.establishment)

    with pytest.raises(bidding.EstablishmentSuspended):
        submit(mine, referral)

    assert revisions(mine) == []


def test_a_withdrawn_referral_takes_no_bid(council, mine, referral):
    with acting_as(council.commissioner, at=SOON):
        withdrawing.withdraw_referral(
            referral_id=referral.pk,
            reason="The family has moved.",
            actor=council.commissioner,
            now=SOON,
        )

    with pytest.raises(bidding.ReferralWithdrawn):
        submit(mine, referral)

    assert revisions(mine) == []


def test_the_invitation_of_another_provider_does_not_exist(region, mine, referral):
    rival = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=mine.provider.pk)
    rival = replace(rival, provider_id=make_school(region, "Rival").provider.pk)
    invitation = invitation_of(mine, referral)

    for act in (bidding.submit_bid, bidding.save_draft):
        with acting_as(rival, at=SOON), pytest.raises(Invitation.DoesNotExist):
            act(invitation_id=invitation.pk, content=BidContent(), actor=rival, now=SOON)


def test_only_providers_bid(council, mine, referral):
    invitation = invitation_of(mine, referral)
    actor = council.commissioner

    with acting_as(actor), pytest.raises(NotPermitted):
        bidding.submit_bid(invitation_id=invitation.pk, content=BidContent(), actor=actor, now=SOON)
    nobody = replace(mine.head, provider_id=None)
    with acting_as(nobody), pytest.raises(NotFound):
        bidding.withdraw_bid(invitation_id=invitation.pk, actor=nobody, now=SOON)


def test_declining_is_seen_at_once_and_can_be_taken_back(council, mine, referral):
    invitation = invitation_of(mine, referral)
    these = {"invitation_id": invitation.pk, "actor": mine.head, "now": SOON}
    with acting_as(mine.head, at=SOON):
        declining.decline(reason="capacity", note="Full until Easter.", **these)
        with pytest.raises(bidding.InvitationDeclined):
            bidding.submit_bid(content=BidContent(), **these)
        with pytest.raises(declining.AlreadyDeclined):
            declining.decline(reason="needs", note="", **these)
    with acting_as(council.commissioner):
        seen = Invitation.objects.values_list("decline_reason", "decline_note").get()
        trail = AuditEvent.objects.filter(action="invitation.declined").count()
    assert (seen, trail) == (("capacity", "Full until Easter."), 1)

    with acting_as(mine.head, at=SOON):
        declining.take_back_decline(**these)
        with pytest.raises(declining.NotDeclined):
            declining.take_back_decline(**these)
    submit(mine, referral)

    assert revisions(mine) == [(1, False)]


@pytest.mark.parametrize(
    ("reason", "note", "at", "refusal"),
    [
        ("weather", "", SOON, declining.NotAReason),
        ("needs", "x" * 501, SOON, declining.NotAReason),
        ("needs", "", DEADLINE, bidding.BiddingClosed),
    ],
)
def test_what_cannot_be_declined_is_refused(mine, referral, reason, note, at, refusal):
    invitation = invitation_of(mine, referral)

    with acting_as(mine.head, at=at), pytest.raises(refusal):
        declining.decline(
            invitation_id=invitation.pk, reason=reason, note=note, actor=mine.head, now=at
        )

    with acting_as(mine.head):
        assert Invitation.objects.get().declined_at is None


def test_with_a_bid_standing_it_is_withdrawn_first(mine, referral):
    submit(mine, referral)
    invitation = invitation_of(mine, referral)

    with acting_as(mine.head, at=SOON), pytest.raises(declining.WithdrawTheBidFirst):
        declining.decline(
            invitation_id=invitation.pk, reason="needs", note="", actor=mine.head, now=SOON
        )


def test_a_child_may_start_on_the_day_of_the_bid(mine, referral):
    content = a_bid(lines_of(mine, referral), earliest_start=SOON.date())

    assert send(mine, referral, content).revision == 1
