"""Scores looked at again: proposed, replied to, decided up and down; a suspension put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from contracts.loading.story import Story
from dps.actors import Actor, Role
from dps.clock import london
from dps.demo.establishments import DemoEstablishment, Part, establishments
from qualification.models import Qualification, ScoreReview, Suspension
from qualification.queries.applications import contents_of, with_names
from qualification.queries.reviewing import lines_now, versions_of
from qualification.services.answering import answer
from qualification.services.applying import submit_application
from qualification.services.lifting import put_suspension_right
from qualification.services.review_rules import NewReviewRule, set_review_rule
from qualification.services.reviewing import (
    Proposal,
    decide_review,
    propose_review,
    reply_to_review,
)

CATEGORY = "sen-day"
REPLY = (
    "Thank you for telling us what you saw. Two of the posts were filled after your visit, and the"
    " summer term’s figures are in our last report. Please look at both before you decide."
)


@dataclass(frozen=True)
class Reviewed:
    """One review: by how many grades the first statements move, and how far it has come."""

    days_ago: int
    steps: tuple[int, ...]
    reason: str
    evidence: str
    why: str
    counts_in_days: int = 30
    is_replied: bool = False
    decision: str = ""


ROSE = "Staff have been trained as the statement promised, and pupils stay longer in their places."
FELL = "Two posts were empty at both visits, and the plan to fill them is half a year late."
STORY = (
    Reviewed(
        days_ago=30,
        steps=(1, 1),
        reason=ROSE,
        evidence="Monitoring visits in the spring and summer terms; the annual outcomes return.",
        why="Seen at both visits, and in the school’s own figures.",
        counts_in_days=0,
        is_replied=True,
        decision="Both visits and the reply agree. The grades rise as proposed.",
    ),
    Reviewed(
        days_ago=32,
        steps=(-1,),
        reason=FELL,
        evidence="Monitoring visits in the spring and summer terms; the staff list sent in June.",
        why="The posts that the statement names were empty.",
        decision="No reply came. The staff list confirms what the visits found.",
    ),
    Reviewed(
        days_ago=6,
        steps=(-1, 1),
        reason="The outcomes are recorded better than before, and staffing is less secure.",
        evidence="Monitoring visit in the summer term.",
        why="As the visit’s report says.",
        is_replied=True,
    ),
    Reviewed(
        days_ago=2,
        steps=(1,),
        reason=ROSE,
        evidence="Monitoring visit in the autumn term.",
        why="Seen at the visit.",
    ),
)


def review_scores(story: Story) -> None:
    """Half-yearly for day places; each stage of a review at a school of its own."""
    manager = story.person("central", Role.DPS_MANAGER)
    began = story.ago(days=120)
    with story.acting(manager, began):
        new = NewReviewRule(
            category_id=story.categories[CATEGORY].id,
            months=6,
            reply_days=10,
            from_date=london(began).date(),
            reason="The Board: day places change faster than others",
        )
        set_review_rule(new=new, actor=manager, now=began)
    for one, school in zip(STORY, _schools(), strict=False):
        _review(story, one, school)


def _schools() -> Iterator[DemoEstablishment]:
    """One of each provider, so that several people find a review on their start page."""
    seen = set()
    for one in establishments():
        is_listed = one.part is Part.ORDINARY and "sen_day" in one.categories
        if is_listed and one.provider.key not in seen:
            seen.add(one.provider.key)
            yield one


def _review(story: Story, one: Reviewed, school: DemoEstablishment) -> None:
    review_id = _propose(story, one, story.establishments[school.key])
    if one.is_replied:
        owner = story.providers[school.provider.key]
        replied = story.ago(days=one.days_ago - 4)
        with story.acting(owner, replied):
            reply_to_review(review_id=review_id, text=REPLY, actor=owner, now=replied)
    if one.decision:
        senior = story.person("central", Role.SENIOR_CONTRACTS_OFFICER)
        at = story.ago(hours=3)
        with story.acting(senior, at):
            decide_review(
                review_id=review_id,
                outcome=ScoreReview.Outcome.CHANGED,
                reason=one.decision,
                actor=senior,
                now=at,
            )


def _propose(story: Story, one: Reviewed, establishment_id: UUID) -> UUID:
    officer = story.person("central", Role.CONTRACTS_OFFICER)
    at = story.ago(days=one.days_ago)
    with story.acting(officer, at):
        listed = Qualification.objects.get(
            establishment_id=establishment_id,
            category=story.categories[CATEGORY],
            ended_at__isnull=True,
        )
        lines = lines_now(versions_of([listed.id])[listed.id][-1])
        grades = {
            line.code: (min(5, max(0, line.before + step)), one.why)
            for line, step in zip(lines, one.steps, strict=False)
        }
        return propose_review(
            qualification_id=listed.id,
            proposal=Proposal(
                reason=one.reason,
                effective_from=london(story.now + timedelta(days=one.counts_in_days)).date(),
                grades=grades,
                evidence=one.evidence,
            ),
            actor=officer,
            now=at,
        ).id


def put_one_right(story: Story) -> None:
    """One of those suspended by hand has sent again what failed; the team is checking it."""
    school = next(one for one in establishments() if one.part is Part.SUSPENDED)
    owner = story.providers[school.provider.key]
    at = story.ago(days=4)
    with story.acting(owner, at):
        suspension = Suspension.objects.get(
            establishment_id=story.establishments[school.key], lifted_at__isnull=True
        )
        for application in put_suspension_right(suspension_id=suspension.id, actor=owner, now=at):
            _answer(application.id, owner, story)
            submit_application(application_id=application.id, actor=owner, now=at)


def _answer(application_id: UUID, owner: Actor, story: Story) -> None:
    application = with_names().get(pk=application_id)
    for each in contents_of(application).answered:
        if not each.is_kept and each.answer is None:
            answer(
                joining_id=application.joining_id,
                question_id=each.criterion.question_id,
                passes=True,
                actor=owner,
                now=story.ago(days=4),
            )
