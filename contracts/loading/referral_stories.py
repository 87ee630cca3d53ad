"""Chapter six: twenty-five referrals, in every state of their life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.loading import evaluating, referring
from contracts.loading.referring import Plan, commissioner
from contracts.loading.story import Story
from contracts.publication.quarters import last_ended
from dps.demo import texts
from referrals.models import Referral
from referrals.services.opening import approve_opening
from referrals.services.withdrawing import withdraw_referral


class Ending(StrEnum):
    """How far a referral has come."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    HALF_OPENED = "half opened"
    GRADING = "grading"
    AGREEING = "agreeing"
    RANKED = "ranked"
    NEARLY_EQUAL = "nearly equal"
    CHOOSING = "choosing"
    CHOSEN = "chosen"
    RECOMMENDED = "recommended"
    TO_SIGN = "to sign"
    SIGNED = "signed"
    CHOSEN_AND_SIGNED = "chosen and signed"
    WITHDRAWN = "withdrawn"
    NO_BIDS = "no bids"


ENDINGS = (
    Ending.OPEN,
    Ending.CHOOSING,
    Ending.SIGNED,
    Ending.DRAFT,
    Ending.GRADING,
    Ending.SIGNED,
    Ending.CLOSED,
    Ending.NEARLY_EQUAL,
    Ending.SIGNED,
    Ending.RANKED,
    Ending.CHOSEN_AND_SIGNED,
    Ending.OPEN,
    Ending.RECOMMENDED,
    Ending.SIGNED,
    Ending.HALF_OPENED,
    Ending.CHOOSING,
    Ending.SIGNED,
    Ending.OPEN,
    Ending.AGREEING,
    Ending.TO_SIGN,
    Ending.SIGNED,
    Ending.WITHDRAWN,
    Ending.NO_BIDS,
    Ending.CHOSEN,
    Ending.DRAFT,
)
NEAR_TIES = frozenset(
    {Ending.NEARLY_EQUAL, Ending.CHOOSING, Ending.CHOSEN, Ending.CHOSEN_AND_SIGNED}
)
# Days before today on which a referral with this ending was issued.
ISSUED = {
    Ending.DRAFT: 2,
    Ending.OPEN: 6,
    Ending.CLOSED: 14.5,
    Ending.HALF_OPENED: 15.1,
    Ending.GRADING: 19,
    Ending.AGREEING: 20,
    Ending.RANKED: 22,
    Ending.NEARLY_EQUAL: 21,
    Ending.CHOOSING: 23,
    Ending.CHOSEN: 27,
    Ending.RECOMMENDED: 26,
    Ending.TO_SIGN: 34,
    Ending.WITHDRAWN: 30,
    Ending.NO_BIDS: 17,
}
SIGNED_AFTER = timedelta(days=40)
"""From the issue to the second signature."""


def tell_referrals(story: Story) -> None:
    stories = texts.referrals() * story.scale
    for number, text in enumerate(stories):
        ending = ENDINGS[number % len(ENDINGS)]
        plan = Plan(
            text=text,
            issued_at=_issued_at(story, ending, number),
            number=number,
            is_open=ending is Ending.OPEN,
            is_near_tie=ending in NEAR_TIES,
            is_without_bids=ending is Ending.NO_BIDS,
        )
        tell(story, plan, ending)
        story.say(f"  {number + 1} of {len(stories)} referrals: {text.key}, {ending}")


def tell(story: Story, plan: Plan, ending: Ending) -> None:
    if ending is Ending.DRAFT:
        referring.raise_one(story, plan, is_complete=plan.number % 2 == 0)
        return
    referral = referring.issue(story, plan)
    referring.answer_invitations(story, plan, referral)
    for step in STEPS.get(ending, ()):
        step(story, plan, referral)


Step = Callable[[Story, Plan, Referral], object]


def _half_open(story: Story, plan: Plan, referral: Referral) -> None:
    """One person has approved the opening some minutes ago; the other has not."""
    actor = commissioner(story, plan)
    at = story.ago(hours=0.2)
    with story.acting(actor, at):
        approve_opening(referral_id=referral.id, actor=actor, now=at)


def _grade_one(story: Story, plan: Plan, referral: Referral) -> None:
    evaluating.grade(story, plan, referral, evaluators=1)


def _offer(story: Story, plan: Plan, referral: Referral) -> None:
    evaluating.offer(story, plan, referral, at=plan.issued_at + timedelta(days=20))
    story.settle(story.now)


def _choose(story: Story, plan: Plan, referral: Referral) -> None:
    at = plan.issued_at + timedelta(days=25)
    story.settle(at)
    evaluating.choose_by_phone(story, plan, referral, at=at)


def _recommend(story: Story, plan: Plan, referral: Referral) -> None:
    evaluating.recommend(story, plan, referral, at=plan.issued_at + timedelta(days=26, hours=-3))


def _approve(story: Story, plan: Plan, referral: Referral) -> None:
    evaluating.approve(story, plan, referral, at=plan.issued_at + timedelta(days=30))


def _sign(story: Story, plan: Plan, referral: Referral) -> None:
    at = plan.issued_at + SIGNED_AFTER - timedelta(days=1)
    evaluating.sign_both(story, plan, referral, at=at)


def _withdraw(story: Story, plan: Plan, referral: Referral) -> None:
    actor, at = commissioner(story, plan), plan.issued_at + timedelta(days=8)
    with story.acting(actor, at):
        withdraw_referral(
            referral_id=referral.id,
            reason=texts.decision_reasons("withdrawn")[0],
            actor=actor,
            now=at,
        )


_RANKING: tuple[Step, ...] = (evaluating.open_bids, evaluating.grade, evaluating.agree)
_AWARD: tuple[Step, ...] = (_recommend, _approve)
STEPS: dict[Ending, tuple[Step, ...]] = {
    Ending.HALF_OPENED: (_half_open,),
    Ending.GRADING: (evaluating.open_bids, _grade_one),
    Ending.AGREEING: (evaluating.open_bids, evaluating.grade),
    Ending.RANKED: _RANKING,
    Ending.NEARLY_EQUAL: _RANKING,
    Ending.CHOOSING: (*_RANKING, _offer),
    Ending.CHOSEN: (*_RANKING, _offer, _choose),
    Ending.RECOMMENDED: (*_RANKING, _recommend),
    Ending.TO_SIGN: (*_RANKING, *_AWARD),
    Ending.SIGNED: (*_RANKING, *_AWARD, _sign),
    Ending.CHOSEN_AND_SIGNED: (*_RANKING, _offer, _choose, *_AWARD, _sign),
    Ending.WITHDRAWN: (_withdraw,),
}


def _issued_at(story: Story, ending: Ending, number: int) -> datetime:
    """What is signed is signed in one of the last two ended quarters; else days before today."""
    if ending not in (Ending.SIGNED, Ending.CHOSEN_AND_SIGNED):
        at = story.ago(days=ISSUED[ending])
        return at.replace(hour=9) if ending not in (Ending.CLOSED, Ending.HALF_OPENED) else at
    quarter = last_ended(story.now)
    if number % 4 < 2:
        quarter = quarter.previous
    signed_at = quarter.start + timedelta(days=12 + number * 3 % 70, hours=10)
    return signed_at - SIGNED_AFTER
