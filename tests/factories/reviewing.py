"""A score that is reviewed through the services, a year after it was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from dps.actors import REGION_ID, Actor, system
from dps.tenancy.identity import acting_as
from qualification.models import Qualification, ScoreReview
from qualification.services.reviewing import (
    Proposal,
    decide_review,
    propose_review,
    reply_to_review,
)
from tests.factories.kernel import NOON
from tests.factories.qualification import Applying

YEAR_LATER = NOON + timedelta(days=370)
UP = Proposal(
    reason="Two visits found more than was promised.",
    effective_from=date(2027, 12, 1),
    grades={"workforce": (5, "Every teacher is trained now.")},
    evidence="Reports of our visits in May and October.",
)
DOWN = replace(UP, grades={"workforce": (2, "Posts stayed empty."), "outcomes": (3, "Few met.")})


def listed(one: Applying) -> Qualification:
    with acting_as(system(REGION_ID)):
        return Qualification.objects.get(establishment=one.establishment)


def propose(
    one: Applying,
    proposal: Proposal = UP,
    *,
    actor: Actor | None = None,
    now: datetime = YEAR_LATER,
) -> ScoreReview:
    actor = actor or one.officer
    with acting_as(actor):
        return propose_review(
            qualification_id=listed(one).id, proposal=proposal, actor=actor, now=now
        )


def reply(
    one: Applying,
    review: ScoreReview,
    text: str = "We disagree.",
    *,
    actor: Actor | None = None,
    now: datetime = YEAR_LATER,
) -> ScoreReview:
    actor = actor or one.head
    with acting_as(actor):
        return reply_to_review(review_id=review.id, text=text, actor=actor, now=now)


def decide(
    one: Applying,
    review: ScoreReview,
    outcome: str = "changed",
    *,
    grades: dict[str, int] | None = None,
    actor: Actor | None = None,
    now: datetime | None = None,
    reason: str = "Right.",
) -> ScoreReview:
    actor = actor or one.second
    with acting_as(actor):
        return decide_review(
            review_id=review.id,
            outcome=outcome,
            reason=reason,
            grades=grades,
            actor=actor,
            now=now or YEAR_LATER + timedelta(days=20),
        )
