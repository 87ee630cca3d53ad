"""Putting right an application that did not succeed: only what failed is asked again."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.permissions import Action, require
from dps.refusals import IllegalTransition
from qualification.models import Application, RuleSet
from qualification.queries.applications import COSTS, in_progress, may_apply_for, with_names
from qualification.queries.rules import criteria_of, heads_of, rule_sets_on
from qualification.services.carrying_over import copy_costs
from qualification.services.joining_row import locked_joining
from qualification.services.starting import (
    AlreadyApplying,
    CategoryNotOpen,
    NotYourEstablishment,
)
from qualification.states import ApplicationState


class NothingToPutRight(IllegalTransition):
    message = "Only an application that did not qualify can be put right"


@transaction.atomic
def put_right(*, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Start again from an application that did not qualify, asking only what failed (Q12, BC 7.21).

    Everything else is kept with the grades it was given. What the rules ask anew since is asked
    too. There is no waiting time.

    :raises NotPermitted: the actor may not prepare applications.
    :raises NothingToPutRight: it did not end as not qualified.
    :raises NotYourEstablishment, CategoryNotOpen: it cannot apply any more.
    :raises AlreadyApplying: it is being put right, or applied for, already.
    """
    require(actor, Action.PREPARE_APPLICATION)
    joining_id = Application.objects.values_list("joining_id", flat=True).get(pk=application_id)
    joining = locked_joining(joining_id)
    before = with_names().get(pk=application_id)
    if before.state != ApplicationState.REJECTED:
        raise NothingToPutRight
    rules = _rules_for(before, london(now).date())
    place = (before.establishment_id, before.category_id)
    if place in in_progress(before.provider_id, {before.establishment_id}):
        raise AlreadyApplying

    asked = _asked_again(before, rules)
    application = Application.objects.create(
        provider_id=before.provider_id,
        joining=joining,
        establishment_id=before.establishment_id,
        category_id=before.category_id,
        rule_set=rules,
        before=before,
        to_put_right=asked,
        suspension_id=before.suspension_id,
        started_at=now,
    )
    copy_costs({place: before}, [application])
    facts = {"before": str(before.id), "asked": asked}
    audit.record(Act("application.put_right", application, facts), actor=actor, at=now)
    return application


def _rules_for(before: Application, day: date) -> RuleSet:
    """Those of today; whoever is on the list and suspended answers to those it qualified under."""
    if before.suspension_id is not None:
        return before.rule_set
    rules = rule_sets_on({before.category_id}, day).get(before.category_id)
    if rules is None:
        raise CategoryNotOpen
    if not may_apply_for(before.provider_id).filter(id=before.establishment_id).exists():
        raise NotYourEstablishment
    return rules


def _asked_again(before: Application, rules: RuleSet) -> list[str] | None:
    """What failed, and what is new since; everything if nobody said what failed."""
    if not before.failed:
        return None
    asked = set(before.failed)
    if rules.id != before.rule_set_id:
        sets = {before.rule_set_id, rules.id}
        criteria, heads = criteria_of(sets), heads_of(sets)
        known = {each.question_id for each in criteria[before.rule_set_id]}
        asked |= {each.code for each in criteria[rules.id] if each.question_id not in known}
        if {each.code for each in heads[rules.id]} - {
            each.code for each in heads[before.rule_set_id]
        }:
            asked.add(COSTS)
    return sorted(asked)
