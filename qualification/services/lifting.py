"""A suspended establishment sends again what failed; the decision lifts the suspension (Q15)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import IllegalTransition, NotPermitted
from providers.models import Evidence
from qualification.models import Application, Qualification, Suspension
from qualification.queries.applications import in_progress
from qualification.queries.rules import Asked as RulesAsked
from qualification.queries.rules import rules_of
from qualification.services.carrying_over import copy_costs
from qualification.services.starting import AlreadyApplying, NotYourEstablishment, start_joining
from qualification.services.suspending import AlreadyLifted, reinstate
from qualification.states import ApplicationState
from qualification.suspended import COSTS, Asked, asked_again, is_put_right

COSTS_TITLE = "Core costs"


class NothingToSendAgain(IllegalTransition):
    message = "Nothing is left to send again for this suspension. The contract team lifts it"


class OnlyASeniorLifts(NotPermitted):
    message = (
        "If this qualifies, a suspension is lifted. Only a senior officer or the manager can decide"
        " that"
    )


@transaction.atomic
def put_suspension_right(*, suspension_id: UUID, actor: Actor, now: datetime) -> list[Application]:
    """Begin an application that asks only what failed, for each category that it concerns.

    There is no waiting time and no entry window. What was answered and graded before is kept; the
    rules are those under which the establishment qualified.

    :raises NotPermitted: the actor may not prepare applications.
    :raises Suspension.DoesNotExist: it is of no establishment of this provider.
    :raises AlreadyLifted: it has been lifted.
    :raises NotYourEstablishment: another provider had it when it qualified.
    :raises AlreadyApplying: it is being put right already.
    :raises NothingToSendAgain: no question of its categories is concerned.
    """
    require(actor, Action.PREPARE_APPLICATION)
    suspension = Suspension.objects.select_related("establishment").get(pk=suspension_id)
    if suspension.lifted_at is not None:
        raise AlreadyLifted
    if actor.provider_id is None or suspension.establishment.provider_id != actor.provider_id:
        raise NotYourEstablishment
    listed = _left_to_send(suspension, actor.provider_id)
    before = {
        row.id: row for row in Application.objects.filter(id__in=[o.application_id for o in listed])
    }
    if len(before) < len(listed):
        raise NotYourEstablishment

    made = _begin(suspension, listed, before, actor=actor, now=now)
    for one in made:
        facts = {"suspension_id": str(suspension.id), "asked": one.to_put_right}
        audit.record(Act("application.put_right", one, facts), actor=actor, at=now)
    return made


def _left_to_send(suspension: Suspension, provider_id: UUID) -> list[Qualification]:
    asked, done = _asked(suspension), _succeeded(suspension)
    listed = [row for row in _listed(suspension) if asked[row.id] and row.category_id not in done]
    if not listed:
        raise NothingToSendAgain
    places = {(row.establishment_id, row.category_id) for row in listed}
    if places & in_progress(provider_id, {suspension.establishment_id}):
        raise AlreadyApplying
    return listed


def _begin(
    suspension: Suspension,
    listed: Sequence[Qualification],
    before: Mapping[UUID, Application],
    *,
    actor: Actor,
    now: datetime,
) -> list[Application]:
    """A joining of its own, whose parts keep the costs of the applications before them."""
    asked = _asked(suspension)
    joining = start_joining(actor=actor, now=now)
    try:
        with transaction.atomic():
            made = Application.objects.bulk_create(
                Application(
                    provider_id=joining.provider_id,
                    joining=joining,
                    establishment_id=row.establishment_id,
                    category_id=row.category_id,
                    rule_set_id=row.rule_set_id,
                    before=before[row.application_id],
                    to_put_right=list(asked[row.id]),
                    suspension=suspension,
                    started_at=now,
                )
                for row in listed
            )
    except IntegrityError as taken:
        raise AlreadyApplying from taken
    copy_costs({(o.establishment_id, o.category_id): o for o in before.values()}, made)
    return made


def refuse_unless_they_may_lift(application: Application, actor: Actor) -> None:
    """:raises OnlyASeniorLifts: it puts a suspension right, and the actor may lift none."""
    if application.suspension_id is None:
        return
    try:
        require(actor, Action.REINSTATE)
    except NotPermitted:
        raise OnlyASeniorLifts from None


def follow_decision(application: Application, *, actor: Actor, now: datetime) -> None:
    """What was put right counts from now on; once all of it is, the suspension is lifted.

    The caller holds the lock on the establishment. The score stays as it is.
    """
    Qualification.objects.filter(
        establishment_id=application.establishment_id,
        category_id=application.category_id,
        ended_at__isnull=True,
    ).update(application_id=application.id)
    suspension = application.suspension
    if suspension is None or suspension.lifted_at is not None:
        return
    if suspension.establishment_id != application.establishment_id:
        return
    asked = _asked(suspension)
    concerned = {row.category_id for row in _listed(suspension) if asked[row.id]}
    if is_put_right(concerned, _succeeded(suspension)):
        reason = f"It was put right. {application.decision_reason}"
        reinstate(suspension_id=suspension.id, reason=reason, actor=actor, now=now)


def can_be_named(establishment_id: UUID) -> list[tuple[str, str]]:
    """Code and title of all that passes or fails in its categories, and the costs."""
    listed = Qualification.objects.filter(establishment_id=establishment_id, ended_at__isnull=True)
    asked = rules_of(set(listed.values_list("rule_set_id", flat=True)))
    titles = {
        each.code: each.title
        for rules in asked.values()
        for each in rules.criteria
        if Asked(each.code, each.kind).passes_or_fails
    }
    return [*titles.items(), (COSTS, COSTS_TITLE)] if titles else []


def what_fails(
    suspensions: Iterable[Suspension], listed: Collection[Qualification]
) -> dict[UUID, list[str]]:
    """By suspension of an establishment, the titles of what has to be put right, once each.

    `listed` are its places on the lists; one query.
    """
    rules = rules_of({row.rule_set_id for row in listed})
    found: dict[UUID, list[str]] = {}
    for suspension in suspensions:
        titles: dict[str, None] = {}
        for row in listed:
            asked = _codes(suspension, rules[row.rule_set_id])
            named = {each.code: each.title for each in rules[row.rule_set_id].criteria}
            titles |= {named.get(code, COSTS_TITLE): None for code in asked}
        found[suspension.pk] = list(titles)
    return found


def _listed(suspension: Suspension) -> Sequence[Qualification]:
    rows = Qualification.objects.filter(
        establishment_id=suspension.establishment_id, ended_at__isnull=True
    )
    return list(rows.order_by("category__position", "id"))


def _asked(suspension: Suspension) -> dict[UUID, tuple[str, ...]]:
    """By qualification, the codes to be put right."""
    listed = _listed(suspension)
    rules = rules_of({row.rule_set_id for row in listed})
    return {row.id: _codes(suspension, rules[row.rule_set_id]) for row in listed}


def _codes(suspension: Suspension, rules: RulesAsked) -> tuple[str, ...]:
    questions = [
        Asked(each.code, each.kind, frozenset(one.kind for one in rules.evidence.get(each.pk, ())))
        for each in rules.criteria
    ]
    return asked_again(suspension.cause, suspension.failed, questions, Evidence.INSURANCES)


def _succeeded(suspension: Suspension) -> set[UUID]:
    rows = Application.objects.filter(suspension=suspension, state=ApplicationState.QUALIFIED)
    return set(rows.values_list("category_id", flat=True))
