"""The parent's choice: offered on a near tie, made by the parent, closed by date or officer."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from dps.actors import parent, system
from dps.models import AuditEvent, Message, OwedJob
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from referrals import jobs, tasks
from referrals.models import (
    Bid,
    ChildIdentity,
    ChoiceOffer,
    ChoiceOption,
    Evaluation,
    Invitation,
    ParentChoice,
    Referral,
)
from referrals.queries.choice import options_of, standing_choice
from referrals.services.child_details import initials, read_of_offer, unseal
from referrals.services.choice_options import _distance
from referrals.services.choosing import (
    NoChoiceHere,
    NoNearTie,
    NotAnOption,
    OfferedAlready,
    ReasonMissing,
    Said,
    WindowClosed,
    WindowTooShort,
    choose,
    not_offer_choice,
    offer_choice,
    record_choice_by_officer,
)
from referrals.services.closing_choice import (
    NothingChosen,
    _close_if_due,
    close_choice,
    close_choice_windows,
)
from referrals.services.ranking import SuspendedSinceRanking
from referrals.services.withdrawing import withdraw_referral
from tests.factories.evaluation import GRADED, ranked_case, suspend

CLOSES = GRADED + timedelta(days=10)
TALK = Said("talk")


@pytest.fixture
def case(region):
    return ranked_case(region)


def offer(case, *, closes_at=CLOSES, at=GRADED, actor=None):
    return case.act(
        actor or case.commissioner,
        offer_choice,
        referral_id=case.referral_id,
        closes_at=closes_at,
        at=at,
    )


def the_parent(found):
    return parent(authority_id=found.authority_id, choice_id=found.id)


def options(case, found):
    with acting_as(case.commissioner):
        return options_of(found.id)


def say(case, found, said, *, at=GRADED):
    return case.act(the_parent(found), choose, offer_id=found.id, said=said, at=at)


def state_of(case):
    with acting_as(case.commissioner):
        return (
            Referral.objects.values_list("state", "no_choice_reason").get(id=case.referral_id),
            list(ChoiceOffer.objects.values_list("closed_at", "closes_at")),
            ChoiceOption.objects.count(),
            ParentChoice.objects.count(),
            AuditEvent.objects.count(),
        )


def refused(case, refusal, call, *args, **kwargs):
    before = state_of(case)
    with pytest.raises(refusal):
        call(*args, **kwargs)
    assert state_of(case) == before


def test_the_offer_shows_each_place_without_price_score_or_rank(case):
    found = offer(case)

    first, second = options(case, found)
    assert [first.name, second.name] == ["Alder", "Birch"]
    assert first.needs_met == ["Speech therapy", "A small class"]
    assert first.features_met == ["Step-free"]
    assert first.distance_words == "About 6 miles from home, in a straight line"
    assert first.inspection_words == "Ofsted: Good, 19 October 2026"
    assert first.family_words == "Come and see us."
    assert (found.child_initials, found.parent_initials) == ("RA", "SA")
    assert case.referral.state == "choosing"
    with acting_as(system(case.region.west.id)):
        assert OwedJob.objects.filter(job=jobs.SEND_CHOICE_LINK).count() == 1
        assert read_of_offer(found, "parent_email") == "sam.ash@example.org"


def test_an_invitation_carries_the_stage_for_lists(case):
    offer(case)

    with acting_as(case.commissioner):
        assert set(Invitation.objects.values_list("referral_state", flat=True)) == {"choosing"}


@pytest.mark.parametrize(
    ("name", "short"), [("Robin Ash", "RA"), ("Robin", "R"), ("Ana de la Cruz", "AC"), ("", "")]
)
def test_initials(name, short):
    assert initials(name) == short


def test_every_refusal_of_offering(case, region):
    refused(case, NotPermitted, offer, case, actor=case.approver)
    for closes_at in (GRADED, GRADED - timedelta(days=1)):
        refused(case, WindowTooShort, offer, case, closes_at=closes_at)
    suspend(case, "Alder", at=GRADED + timedelta(minutes=1))
    refused(case, SuspendedSinceRanking, offer, case, at=GRADED + timedelta(minutes=2))

    far_apart = ranked_case(region, Cedar=1000_00, Dogwood=3000_00)
    refused(far_apart, NoNearTie, offer, far_apart)


def test_a_category_without_choice_offers_none(case, region):
    with acting_as(system(0)):
        region.category.offers_choice = False
        region.category.save()

    refused(case, NoChoiceHere, offer, case)


def test_a_choice_is_offered_once(case):
    found = offer(case)
    refused(case, IllegalTransition, offer, case)
    with acting_as(case.commissioner):
        # As after an award that was returned.
        Referral.objects.update(state="ranked")

    refused(case, OfferedAlready, offer, case)
    assert found.closed_at is None


def test_the_reason_why_it_is_not_offered_is_kept(case):
    def decline(reason, actor=case.commissioner):
        return case.act(actor, not_offer_choice, referral_id=case.referral_id, reason=reason)

    refused(case, ReasonMissing, decline, "  ")
    refused(case, NotPermitted, decline, "Why", case.approver)

    decline(" The child is looked after ")

    assert case.referral.no_choice_reason == "The child is looked after"
    assert case.referral.state == "ranked"


def test_the_parent_chooses_changes_and_the_last_counts(case):
    found = offer(case)
    alder, birch = options(case, found)

    say(case, found, Said("option", alder.id, "Near Nan’s house"))
    say(case, found, TALK, at=GRADED + timedelta(hours=1))
    last = say(case, found, Said("option", birch.id), at=GRADED + timedelta(hours=2))

    with acting_as(case.commissioner):
        assert standing_choice(found.id) == last
        events = AuditEvent.objects.filter(action="choice.made")
        assert events.count() == 3
        first = ParentChoice.objects.first()
        assert b"Nan" not in bytes(first.reason)
        words = unseal(found, "parentchoice", "reason", str(first.id), bytes(first.reason))
        assert words == "Near Nan’s house"


def test_officer_and_parent_are_told(case):
    found = offer(case)

    say(case, found, TALK)

    with acting_as(system(case.region.west.id)):
        told = Message.objects.get(template="referrals/parent_answered")
        owed = OwedJob.objects.filter(job=jobs.CONFIRM_CHOICE)
        assert (told.to_person_id, told.context["wish"]) == (case.commissioner.person_id, "talk")
        assert owed.count() == 1


def test_every_refusal_of_choosing(case, region):
    found = offer(case)
    other = ranked_case(region, Cedar=1000_00, Dogwood=1000_00)
    stranger = options(other, offer(other))[0]

    for said in (
        Said("option"),
        Said("option", stranger.id),
        Said("talk", options(case, found)[0].id),
        Said("best"),
        Said(""),
    ):
        refused(case, NotAnOption, say, case, found, said)
    refused(case, WindowClosed, say, case, found, TALK, at=CLOSES)
    for actor in (case.commissioner, case.bidders["Alder"]):
        with pytest.raises(NotPermitted):
            case.act(actor, choose, offer_id=found.id, said=TALK)
    with pytest.raises(ChoiceOffer.DoesNotExist):
        case.act(the_parent(found), choose, offer_id=stranger.offer_id, said=TALK)


def test_a_parent_reads_nothing_but_the_offer(case):
    found = offer(case)

    with acting_as(the_parent(found)):
        assert ChoiceOption.objects.count() == 2
        for model in (Bid, Referral, ChildIdentity, Evaluation):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                model.objects.count()
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ChoiceOffer.objects.update(closes_at=CLOSES + timedelta(days=99))


def test_an_officer_records_what_was_said_by_phone(case):
    found = offer(case)
    alder, _ = options(case, found)

    def record(said, actor=case.commissioner, at=GRADED):
        return case.act(
            actor, record_choice_by_officer, referral_id=case.referral_id, said=said, at=at
        )

    refused(case, NotPermitted, record, TALK, case.approver)
    refused(case, NotAnOption, record, Said("option"))
    refused(case, WindowClosed, record, TALK, case.commissioner, CLOSES)
    choice = record(Said("option", alder.id))

    assert choice.recorded_by_id == case.commissioner.person_id


def test_the_officer_closes_after_a_choice(case):
    found = offer(case)

    def shut(actor=case.commissioner):
        return case.act(actor, close_choice, referral_id=case.referral_id, at=GRADED)

    refused(case, NothingChosen, shut)
    say(case, found, TALK)
    refused(case, NothingChosen, shut)
    refused(case, NotPermitted, shut, case.approver)
    say(case, found, Said("option", options(case, found)[0].id), at=GRADED + timedelta(seconds=1))
    shut()

    assert case.referral.state == "chosen"
    refused(case, IllegalTransition, shut)
    refused(case, WindowClosed, say, case, found, TALK)


def close_due(case, *, at):
    actor = system(case.region.west.id)
    with acting_as(actor, at=at):
        return close_choice_windows(actor=actor, now=at)


def test_windows_close_at_their_date_once(case):
    offer(case)

    assert close_due(case, at=CLOSES - timedelta(seconds=1)) == 0
    assert close_due(case, at=CLOSES) == 1
    before = state_of(case)
    assert close_due(case, at=CLOSES + timedelta(hours=1)) == 0

    assert case.referral.state == "chosen"
    assert state_of(case) == before
    with acting_as(system(case.region.west.id)):
        assert Message.objects.filter(template="referrals/choice_closed").count() == 1


def test_a_withdrawn_referral_leaves_nothing_to_choose(case):
    found = offer(case)

    case.act(
        case.commissioner,
        withdraw_referral,
        referral_id=case.referral_id,
        reason="The family moved away",
        at=GRADED,
    )

    refused(case, WindowClosed, say, case, found, TALK)
    assert close_due(case, at=CLOSES) == 0


def test_beat_closes_windows_of_every_authority(case, monkeypatch):
    offer(case)
    monkeypatch.setattr("referrals.tasks.timezone.now", lambda: CLOSES)

    tasks.close_choice_windows()
    tasks.close_choice_windows()

    assert case.referral.state == "chosen"
    with acting_as(case.commissioner):
        assert AuditEvent.objects.filter(action="choice.closed").count() == 1


def test_without_an_email_nothing_is_sent_and_the_officer_rings(case):
    with acting_as(case.commissioner):
        ChildIdentity.objects.update(parent_email=b"", parent_phone=b"")
    found = offer(case)
    case.act(
        case.commissioner,
        record_choice_by_officer,
        referral_id=case.referral_id,
        said=TALK,
        at=GRADED,
    )
    say(case, found, TALK, at=GRADED + timedelta(minutes=1))

    with acting_as(system(case.region.west.id)):
        owed = set(OwedJob.objects.values_list("job", flat=True))
        assert read_of_offer(found, "parent_phone") == ""
    assert owed.isdisjoint({jobs.SEND_CHOICE_LINK, jobs.CONFIRM_CHOICE})


def test_a_window_that_somebody_closed_in_between_is_left(case):
    actor = system(case.region.west.id)
    before = state_of(case)

    with acting_as(actor):
        assert _close_if_due(case.referral_id, actor=actor, now=CLOSES) is False

    assert state_of(case) == before


@pytest.mark.parametrize(
    ("hundredths", "words"),
    [
        (None, "We do not know how far away it is"),
        (49, "Less than a mile from home"),
        (50, "About 1 mile from home, in a straight line"),
        (12_50, "About 13 miles from home, in a straight line"),
    ],
)
def test_distances_are_told_in_whole_miles(hundredths, words):
    assert _distance(hundredths) == words
