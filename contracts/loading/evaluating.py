"""Chapter five: bids are opened, graded, ranked, chosen between, awarded and signed for."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from contracts.loading.referring import Plan, commissioner
from contracts.loading.story import Story
from contracts.models import Agreement
from contracts.services.signing import sign
from dps.actors import Actor, Role
from dps.demo import texts
from referrals.models import ChoiceOffer, ChoiceOption, GradingPaper, Outcome, Referral
from referrals.services.agreeing import Agreed, confirm_consensus, record_consensus
from referrals.services.awarding import approve_award, candidate_for, recommend_award
from referrals.services.choosing import (
    NoNearTie,
    Said,
    not_offer_choice,
    offer_choice,
    record_choice_by_officer,
)
from referrals.services.closing_choice import close_choice
from referrals.services.grading import Mark, declare_no_conflict, hand_in, save_grades
from referrals.services.opening import approve_opening

ON_A_LOW_PRICE = (
    "We rang the head: the building and two of the staff are shared with the school next door."
)


def open_bids(story: Story, plan: Plan, referral: Referral, *, people: int = 2) -> datetime:
    """The two commissioners open, the day after the deadline; the approver stays free."""
    at = plan.issued_at + timedelta(days=15, hours=2)
    for number in range(people):
        actor = story.person(plan.text.authority, Role.COMMISSIONER, number)
        at += timedelta(minutes=4)
        with story.acting(actor, at):
            approve_opening(referral_id=referral.id, actor=actor, now=at)
    return at


def grade(story: Story, plan: Plan, referral: Referral, *, evaluators: int = 2) -> datetime:
    """Each evaluator grades every paper and hands in."""
    at = plan.issued_at + timedelta(days=17)
    for number in range(evaluators):
        actor = story.person(plan.text.authority, Role.EVALUATOR, number)
        at += timedelta(hours=2)
        with story.acting(actor, at):
            who: dict[str, Any] = {"referral_id": referral.id, "actor": actor, "now": at}
            declare_no_conflict(**who)
            for paper in GradingPaper.objects.filter(referral=referral):
                marks = _marks(plan, referral, paper, number)
                save_grades(bid_id=paper.bid_id, marks=marks, **who)
            hand_in(**who)
    return at


def agree(story: Story, plan: Plan, referral: Referral) -> datetime:
    """One records the agreed grades, the other confirms: the bids are ranked."""
    first, second = (
        story.person(plan.text.authority, Role.EVALUATOR, number) for number in range(2)
    )
    at = plan.issued_at + timedelta(days=19)
    with story.acting(first, at):
        agreed = [
            Agreed(paper.bid_id, _agreed(plan, referral, paper), texts.consensus_notes()[0])
            for paper in GradingPaper.objects.filter(referral=referral)
        ]
        record_consensus(referral_id=referral.id, agreed=agreed, actor=first, now=at)
    later = at + timedelta(hours=1)
    with story.acting(second, later):
        confirm_consensus(referral_id=referral.id, actor=second, now=later)
    return later


def offer(story: Story, plan: Plan, referral: Referral, *, at: datetime) -> None:
    actor = commissioner(story, plan)
    closes_at = at + timedelta(days=14)
    with story.acting(actor, at):
        offer_choice(referral_id=referral.id, closes_at=closes_at, actor=actor, now=at)


def choose_by_phone(story: Story, plan: Plan, referral: Referral, *, at: datetime) -> None:
    """The parent rings the officer, who records the choice and closes the window."""
    actor = commissioner(story, plan)
    with story.acting(actor, at):
        made = ChoiceOffer.objects.get(referral=referral)
        options = list(ChoiceOption.objects.filter(offer=made).order_by("position"))
        said = Said("option", options[-1].id, "It is nearer to her grandmother.")
        record_choice_by_officer(referral_id=referral.id, said=said, actor=actor, now=at)
        close_choice(referral_id=referral.id, actor=actor, now=at)


def recommend(story: Story, plan: Plan, referral: Referral, *, at: datetime) -> None:
    actor = commissioner(story, plan)
    with story.acting(actor, at):
        if not plan.is_near_tie:
            _settle_near_tie(referral, actor, at=at)
        found = candidate_for(Referral.objects.get(id=referral.id))
        recommend_award(
            referral_id=referral.id,
            bid_id=found.bid.id,
            reason=texts.decision_reasons("award")[plan.number % 2],
            low_price=ON_A_LOW_PRICE,
            actor=actor,
            now=at,
        )


def _settle_near_tie(referral: Referral, actor: Actor, *, at: datetime) -> None:
    """Where bids came nearer than planned, the family has said that the council may decide."""
    reason = texts.decision_reasons("no_choice_offered")[0]
    with suppress(NoNearTie):
        not_offer_choice(referral_id=referral.id, reason=reason, actor=actor, now=at)


def approve(story: Story, plan: Plan, referral: Referral, *, at: datetime) -> None:
    actor = story.person(plan.text.authority, Role.APPROVER)
    with story.acting(actor, at):
        approve_award(referral_id=referral.id, actor=actor, now=at)
    story.settle(at)


def sign_both(story: Story, plan: Plan, referral: Referral, *, at: datetime) -> None:
    council = story.person(plan.text.authority, Role.APPROVER)
    with story.acting(council, at):
        agreement = Agreement.objects.get(referral=referral)
    owner = next(
        actor for actor in story.providers.values() if actor.provider_id == agreement.provider_id
    )
    for actor, moment in ((council, at), (owner, at + timedelta(hours=20))):
        with story.acting(actor, moment):
            sign(
                agreement_id=agreement.id,
                authority_id=agreement.authority_id,
                actor=actor,
                now=moment,
            )
    story.settle(at + timedelta(hours=21))


def _marks(plan: Plan, referral: Referral, paper: GradingPaper, number: int) -> list[Mark]:
    """The second evaluator is a grade harder on every other outcome."""
    agreed = _agreed(plan, referral, paper)
    return [
        Mark(
            key,
            max(0, value - (number and place % 2)),
            texts.evaluator_notes(value)[number % 2],
        )
        for place, (key, value) in enumerate(agreed.items())
    ]


def _agreed(plan: Plan, referral: Referral, paper: GradingPaper) -> dict[str, int]:
    keys = list(
        Outcome.objects.filter(referral=referral).order_by("position").values_list("key", flat=True)
    )
    if plan.is_near_tie:
        return dict.fromkeys(keys, 4)
    known = {one.words: one.grade for one in texts.bid_statements()}
    fair = known.get(paper.statement, 3)
    return {key: max(0, min(5, fair - place % 2)) for place, key in enumerate(keys)}
