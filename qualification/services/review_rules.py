"""How often scores are reviewed, category by category, from a day on (BC 7.12, Q14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from qualification.models import ReviewRule
from qualification.reviewing import EVERY, LONGEST_REPLY, SHORTEST_REPLY


class NotSuchARule(NotUnderstood):
    message = "Scores are reviewed every 6 or 12 months, with 5 to 30 working days for a reply"


class DecidedForThatDay(Refusal):
    message = "How often its scores are reviewed is decided for that day already. Choose another"
    field = "from_date"


class StartsTooEarly(Refusal):
    message = "It must apply from today or later"
    field = "from_date"


@dataclass(frozen=True, slots=True)
class NewReviewRule:
    category_id: UUID
    months: int
    reply_days: int
    from_date: date
    reason: str


@transaction.atomic
def set_review_rule(*, new: NewReviewRule, actor: Actor, now: datetime) -> ReviewRule:
    """From a day on, a category's scores are reviewed every so many months.

    :raises NotPermitted: the actor may not set up the market.
    :raises NotSuchARule: neither 6 nor 12 months, no such time for a reply, or no reason.
    :raises StartsTooEarly, DecidedForThatDay: the day has passed, or is taken.
    """
    require(actor, Action.SET_UP_MARKET)
    if new.months not in EVERY or not SHORTEST_REPLY <= new.reply_days <= LONGEST_REPLY:
        raise NotSuchARule
    if not new.reason.strip():
        raise NotSuchARule("Enter the reason", field="reason")
    if new.from_date < london(now).date():
        raise StartsTooEarly
    try:
        with transaction.atomic():
            made = ReviewRule.objects.create(
                category_id=new.category_id,
                months=new.months,
                reply_days=new.reply_days,
                from_date=new.from_date,
                reason=new.reason.strip(),
                made_by_id=actor.person_id,
                made_at=now,
            )
    except IntegrityError as taken:
        raise DecidedForThatDay from taken
    facts = {"months": new.months, "reply_days": new.reply_days, "from": str(new.from_date)}
    audit.record(Act("review_rule.set", made, facts), actor=actor, at=now)
    return made
