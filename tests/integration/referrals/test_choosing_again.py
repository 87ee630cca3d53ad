"""A suspension changes a near tie: the parent is asked again, or the officer says why not."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from dps.actors import parent, public, system
from dps.models import AuditEvent, Message
from dps.outbox.jobs import perform
from dps.services.messages import SEND_MESSAGE
from dps.services.secrets import read_address, read_body
from dps.tenancy.identity import acting_as
from qualification.services.suspending import TELL_OF_SUSPENSION
from referrals import jobs
from referrals.models import ChoiceOffer, ChoiceOption, ParentLink, Referral
from referrals.queries.choice import offer_of, options_of
from referrals.services.awarding import ChoiceNotSettled, candidate_for, recommend_award
from referrals.services.choosing import (
    OfferedAlready,
    Said,
    WindowClosed,
    choose,
    not_offer_choice,
    offer_choice,
)
from referrals.services.closing_choice import close_choice
from referrals.services.parent_links import LinkEnded, find_link, hash_of
from referrals.services.ranking_again import ParentIsChoosing, rank_again
from referrals.services.withdrawing import withdraw_referral
from tests.factories.evaluation import GRADED, ranked_case, suspend
from tests.integration.referrals.pages import Browser, plain

CLOSES = GRADED + timedelta(days=10)
LATER = GRADED + timedelta(days=1)


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def case(region):
    """A near tie of three."""
    return ranked_case(region, Alder=1000_00, Birch=1010_00, Cedar=1020_00)


def step(case, service, *, at=GRADED, **what):
    return case.act(case.commissioner, service, referral_id=case.referral_id, at=at, **what)


def offer(case, *, at=GRADED):
    return step(case, offer_choice, closes_at=CLOSES, at=at)


def says(case, found, name, *, at=GRADED):
    with acting_as(case.commissioner):
        option = ChoiceOption.objects.get(offer_id=found.id, name=name)
    actor = parent(authority_id=found.authority_id, choice_id=found.id)
    return case.act(actor, choose, offer_id=found.id, said=Said("option", option.id), at=at)


def ranked_again_without(case, name):
    suspend(case, name, at=GRADED + timedelta(hours=1))
    return step(case, rank_again, at=LATER)


def candidate(case):
    with acting_as(case.commissioner):
        found = candidate_for(Referral.objects.get(id=case.referral_id))
    return found.bid.establishment.name, found.by_choice


def offered_now(case):
    with acting_as(case.commissioner):
        return [option.name for option in options_of(offer_of(case.referral_id).id)]


def told(case):
    """What the parent was told, the last first: channel, address, subject, words."""
    with acting_as(system(case.region.west.id)):
        rows = Message.objects.filter(to_person__isnull=True).order_by("-created_at", "-id")
        return [(row.channel, read_address(row), row.subject, read_body(row)) for row in rows]


def token_of(case, *, at=GRADED):
    case.run_jobs(jobs.SEND_CHOICE_LINK, at=at)
    return re.search(r"/choice/([\w-]{43})/", told(case)[0][-1])[1]


def acts(case, action):
    with acting_as(case.commissioner):
        return AuditEvent.objects.filter(action=action).count()


def page(case, name, *, at=LATER):
    address = reverse(f"referrals:{name}", args=[case.referral_id])
    return plain(Browser(case.commissioner, now=at).get(address))


@pytest.mark.off_switch("reason-for-one-ranking")
def test_a_reason_counts_for_the_ranking_that_it_was_given_for(case):
    step(case, not_offer_choice, reason="Alder has told the family no")
    assert candidate(case) == ("Alder", False)

    ranked_again_without(case, "Alder")

    with pytest.raises(ChoiceNotSettled):
        candidate(case)
    assert "Offer the choice" in page(case, "detail")
    assert "Alder has told the family no" not in page(case, "detail")
    step(case, not_offer_choice, reason="The family cannot be reached", at=LATER)
    assert candidate(case) == ("Birch", False)
    with acting_as(case.commissioner):
        events = AuditEvent.objects.filter(action="choice.not_offered").order_by("id")
        reasons = [event.body for event in events]
    assert "Alder has told" in reasons[0] and "cannot be reached" in reasons[1]


def suspended_for_all(case, name):
    suspension = suspend(case, name, at=LATER)
    actor = system(case.region.west.id)
    ids = {"suspension_id": str(suspension.id)}
    with acting_as(actor):
        perform(TELL_OF_SUSPENSION, ids, actor=actor, now=LATER)


def officers_told(case):
    """Whom the suspension of a place was written to, and about which place and stage."""
    with acting_as(system(case.region.west.id)):
        rows = Message.objects.filter(template="referrals/place_suspended")
        return [
            (row.to_person_id, row.context["establishment"], row.context["is_with_parent"])
            for row in rows
        ]


def test_the_officer_is_told_when_an_offered_place_is_suspended(case):
    offer(case)

    suspended_for_all(case, "Alder")

    assert officers_told(case) == [(case.commissioner.person_id, "Alder", True)]
    case.run_jobs(SEND_MESSAGE, at=LATER)
    with acting_as(system(case.region.west.id)):
        message = Message.objects.filter(template="referrals/place_suspended").first()
    assert message.subject.startswith("A place has been suspended: ")
    assert "ranking again ends their choice" in message.body


def test_nobody_is_told_once_nothing_is_decided_any_more(case):
    step(case, withdraw_referral, reason="The child stays at home")

    suspended_for_all(case, "Alder")

    assert officers_told(case) == []


@pytest.mark.off_switch("choice-for-one-ranking")
def test_a_chosen_place_that_is_suspended_leads_to_a_new_offer(case):
    found = offer(case)
    says(case, found, "Alder")
    step(case, close_choice)

    ranked_again_without(case, "Alder")

    assert case.referral.state == "ranked"
    with pytest.raises(ChoiceNotSettled):
        candidate(case)
    shown = page(case, "detail")
    assert "Their answer then, which does not count any more: Alder" in shown
    assert "Offer the choice again" in shown
    assert "this choice does not count any more" in page(case, "choice_progress").lower()
    assert "The parent was asked before" in page(case, "offer_choice")

    again = offer(case, at=LATER)
    assert (again.asks_again, again.evaluation_number) == (True, 2)
    assert offered_now(case) == ["Birch", "Cedar"]
    says(case, again, "Cedar", at=LATER)
    step(case, close_choice, at=LATER)
    assert candidate(case) == ("Cedar", True)
    assert acts(case, "choice.set_aside") == 1


def test_who_approves_sees_which_answer_was_for_an_earlier_ranking(case):
    says(case, offer(case), "Alder")
    step(case, close_choice)
    ranked_again_without(case, "Alder")
    says(case, offer(case, at=LATER), "Cedar", at=LATER)
    step(case, close_choice, at=LATER)
    with acting_as(case.commissioner):
        bid_id = ChoiceOption.objects.get(name="Cedar", offer__evaluation_number=2).bid_id
    step(case, recommend_award, bid_id=bid_id, reason="Chosen", at=LATER)

    shown = plain(
        Browser(case.second_approver, now=LATER).get(
            reverse("referrals:detail", args=[case.referral_id])
        )
    )

    assert "Cedar: 5 November 2026 at midday, by the link" in shown
    assert "Alder: 4 November 2026 at midday, by the link, in an earlier ranking" in shown


def test_a_near_tie_may_be_reasoned_away_after_a_choice_that_was_lost(case):
    says(case, offer(case), "Alder")
    step(case, close_choice)
    ranked_again_without(case, "Alder")

    step(case, not_offer_choice, reason="The parent asked us to decide", at=LATER)

    assert candidate(case) == ("Birch", False)


def test_a_choice_that_is_still_possible_stands(case):
    found = offer(case)
    says(case, found, "Cedar")
    step(case, close_choice)

    ranked_again_without(case, "Alder")

    assert candidate(case) == ("Cedar", True)
    assert (acts(case, "choice.carried_over"), acts(case, "choice.set_aside")) == (1, 0)
    assert "Offer the choice" not in page(case, "detail")
    with pytest.raises(OfferedAlready):
        offer(case, at=LATER)
    case.run_jobs(jobs.TELL_CHOICE_CHANGED, at=LATER)
    assert told(case) == []


def test_a_place_that_was_not_offered_before_is_offered(region):
    case = ranked_case(region, Alder=1000_00, Birch=1010_00, Cedar=1020_00, Dogwood=1030_00)
    says(case, offer(case), "Cedar")
    step(case, close_choice)

    ranked_again_without(case, "Alder")
    offer(case, at=LATER)

    assert offered_now(case) == ["Birch", "Cedar", "Dogwood"]


@pytest.mark.parametrize("said", ["talk", "none", ""])
def test_without_a_chosen_place_a_new_near_tie_is_settled_anew(case, said):
    found = offer(case)
    if said:
        actor = parent(authority_id=found.authority_id, choice_id=found.id)
        case.act(actor, choose, offer_id=found.id, said=Said(said), at=GRADED)
    suspend(case, "Alder", at=GRADED + timedelta(hours=1))

    # The window is over by the clock, whether or not the closing job ran.
    step(case, rank_again, at=CLOSES)

    assert acts(case, "choice.closed") == 1
    with pytest.raises(ChoiceNotSettled):
        candidate(case)


def test_without_a_new_near_tie_the_first_ranked_goes_forward(region):
    case = ranked_case(region)
    says(case, offer(case), "Birch")
    step(case, close_choice)

    ranked_again_without(case, "Birch")

    assert candidate(case) == ("Alder", False)
    case.run_jobs(jobs.TELL_CHOICE_CHANGED, at=LATER)
    assert told(case)[0][2] == "Your choice has changed"


# While the parent is choosing


def test_a_suspension_while_the_parent_is_choosing_ends_the_choice_and_its_link(case):
    found = offer(case)
    token = token_of(case)
    says(case, found, "Cedar")
    suspend(case, "Alder", at=GRADED + timedelta(hours=1))
    assert "One of the places that the parent was offered has been suspended" in page(
        case, "detail"
    )

    step(case, rank_again, at=LATER)

    assert case.referral.state == "ranked"
    with acting_as(public(), at=LATER), pytest.raises(LinkEnded):
        find_link(hash_of(token), now=LATER)
    with pytest.raises(WindowClosed):
        says(case, found, "Birch", at=LATER)
    # What could still be changed is nothing to go on with.
    with pytest.raises(ChoiceNotSettled):
        candidate(case)
    offer(case, at=LATER)
    assert case.referral.state == "choosing"
    with acting_as(case.commissioner):
        assert ParentLink.objects.filter(revoked_at__isnull=True).count() == 0
    assert token_of(case, at=LATER) != token


def test_a_suspension_elsewhere_leaves_the_parent_choosing(region):
    case = ranked_case(region, Alder=1000_00, Birch=1010_00, Cedar=5000_00)
    offer(case)
    suspend(case, "Cedar", at=GRADED + timedelta(hours=1))

    with pytest.raises(ParentIsChoosing):
        step(case, rank_again, at=LATER)

    assert case.referral.state == "choosing"
    assert "Rank again" not in page(case, "detail")


# What the parent is told


def test_the_parent_is_told_in_plain_words_and_asked_again(case):
    says(case, offer(case), "Alder")
    step(case, close_choice)
    ranked_again_without(case, "Alder")
    case.run_jobs(jobs.TELL_CHOICE_CHANGED, at=LATER)

    [(channel, to, subject, body)] = told(case)
    assert (channel, to, subject) == ("email", "sam.ash@example.org", "Your choice has changed")
    for part in (
        "no longer possible",
        "An answer that you gave does not count any more",
        "we ask you again by email, with a new link",
        "You do not have to do anything now",
    ):
        assert part in body
    assert not any(word in body for word in ("Robin", "RA", "Alder", "Birch", "SEN"))

    offer(case, at=LATER)
    case.run_jobs(jobs.SEND_CHOICE_LINK, at=LATER)
    subject, body = told(case)[0][2:]
    assert subject == "A new choice is waiting for SA"
    assert "we ask you again" in body and "The earlier link has ended" in body


def test_a_parent_without_an_email_address_is_told_by_text(case):
    found = offer(case)
    with acting_as(case.commissioner):
        ChoiceOffer.objects.filter(id=found.id).update(parent_email=b"")
    says(case, found, "Alder")
    step(case, close_choice)
    ranked_again_without(case, "Alder")
    case.run_jobs(jobs.TELL_CHOICE_CHANGED, at=LATER)

    [(channel, to, _subject, body)] = told(case)
    assert (channel, to) == ("text", "07700 900123")
    assert "link" not in body


def test_the_link_of_the_new_offer_shows_that_offer_and_why(case):
    says(case, offer(case), "Alder")
    step(case, close_choice)
    ranked_again_without(case, "Alder")
    again = offer(case, at=LATER)

    with acting_as(parent(authority_id=again.authority_id, choice_id=again.id)):
        assert [found.id for found in ChoiceOffer.objects.all()] == [again.id]
        assert set(ChoiceOption.objects.values_list("name", flat=True)) == {"Birch", "Cedar"}


# The database


@pytest.mark.off_switch("choice-open-once")
def test_two_choices_are_never_open_at_once(case):
    found = offer(case)

    with acting_as(case.commissioner), pytest.raises(IntegrityError), transaction.atomic():
        found.pk, found.evaluation_number = None, 2
        found.save(force_insert=True)
