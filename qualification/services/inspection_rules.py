"""What passes an inspection, from a day on: rows that the Board decides (rules.md 4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from qualification.models import InspectionRule
from qualification.schemes import refuse_unless_spoken
from qualification.scoring import SHIPPED_RULES, PassRule

LONGEST_VALID_MONTHS = 120


class RuleNeedsReason(NotUnderstood):
    message = "Enter the reason for the new rule"
    field = "reason"


class RuleStartsTooEarly(Refusal):
    message = "The rule must start today or later, and after the rule that it replaces"
    field = "from_date"


@transaction.atomic
def install_inspection_rules(*, actor: Actor, now: datetime) -> list[InspectionRule]:
    """Write the shipped rules as rows with their own dates.

    :raises NotPermitted: the actor may not.
    """
    require(actor, Action.SET_UP_MARKET)
    rows = [
        InspectionRule(**_columns(rule), reason="As shipped", made_at=now)
        for rule in SHIPPED_RULES.values()
    ]
    made = InspectionRule.objects.bulk_create(rows)
    facts = {"schemes": [row.scale for row in made]}
    audit.record(Act("inspection_rules.installed", made[0], facts), actor=actor, at=now)
    return made


@transaction.atomic
def add_inspection_rule(
    *, rule: PassRule, reason: str, actor: Actor, now: datetime
) -> InspectionRule:
    """A new rule of one scheme from a day on; the rule before it ends on the day before.

    :raises NotPermitted: the actor may not.
    :raises RuleNeedsReason, RuleStartsTooEarly: no reason, or not after what it replaces.
    :raises NotOfThisScheme: it names an area or judgement that the scheme does not have.
    """
    require(actor, Action.SET_UP_MARKET)
    same = InspectionRule.objects.filter(scale=rule.scale)
    list(same.select_for_update())
    # Read again: whoever was waited for may have added one.
    last = max(same.all(), key=lambda row: row.from_date, default=None)
    if not reason.strip():
        raise RuleNeedsReason
    if rule.in_force_from < london(now).date() or (last and rule.in_force_from <= last.from_date):
        raise RuleStartsTooEarly
    refuse_unless_spoken(rule)
    if last:
        last.until_date = rule.in_force_from
        last.save(update_fields=["until_date"])
    made = InspectionRule.objects.create(
        **_columns(rule), reason=reason, made_by_id=actor.person_id, made_at=now
    )
    facts = {"scale": rule.scale, "from": str(rule.in_force_from), "reason": reason}
    audit.record(Act("inspection_rule.added", made, facts), actor=actor, at=now)
    return made


def _columns(rule: PassRule) -> dict[str, Any]:
    return {
        "scale": rule.scale,
        "from_date": rule.in_force_from,
        "until_date": _after(rule.in_force_until),
        "requirements": [
            {
                "area": each.area,
                "accepted": sorted(each.accepted),
                "excused_by": list(each.excused_by) if each.excused_by else None,
            }
            for each in rule.requirements
        ],
        "others": None if rule.others is None else sorted(rule.others),
        "valid_months": rule.valid_months,
    }


def _after(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() + 1)
