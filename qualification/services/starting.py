"""Starting an application, with what an earlier one for the same had answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.permissions import Action, require
from dps.refusals import Refusal
from qualification.models import Answer, Application, CoreCostLine, Qualification
from qualification.queries.applications import in_progress, last_ended, may_apply_for
from qualification.queries.rules import categories_with_rules, criteria_of, heads_of


class NotYourEstablishment(Refusal):
    message = "Claim this establishment first. Then you can apply for it"


class CategoryNotOpen(Refusal):
    message = "This category does not take applications yet"


class AlreadyQualified(Refusal):
    message = "This establishment is on the list of this category already"


class AlreadyApplying(Refusal):
    message = "You have an application for this establishment and category already. Go on with it"


@transaction.atomic
def start_application(
    *, establishment_id: UUID, category_id: UUID, actor: Actor, now: datetime
) -> Application:
    """Start a draft for an establishment that the provider runs or has claimed (BC 7.6, 7.21).

    The answers and costs of the last one that did not succeed are carried over: no lock-out.

    :raises NotPermitted: the actor may not prepare applications.
    :raises NotYourEstablishment: not claimed, or closed, or bought from by no council.
    :raises CategoryNotOpen: the category asks nothing yet.
    :raises AlreadyQualified: it is on the list.
    :raises AlreadyApplying: an application for the same is being written or decided.
    """
    require(actor, Action.PREPARE_APPLICATION)
    provider_id = _own(actor)
    _refuse_unless_it_may_start(provider_id, establishment_id, category_id, now=now)

    try:
        with transaction.atomic():
            application = Application.objects.create(
                provider_id=provider_id,
                establishment_id=establishment_id,
                category_id=category_id,
                started_at=now,
            )
    except IntegrityError as taken:
        raise AlreadyApplying from taken
    before = last_ended(application)
    if before is not None:
        _carry_over(before, application, now=now)
    facts = {"carried_over_from": str(before.id) if before else None}
    audit.record(Act("application.started", application, facts), actor=actor, at=now)
    return application


def _own(actor: Actor) -> UUID:
    if actor.provider_id is None:
        raise NotYourEstablishment(field="establishment")
    return actor.provider_id


def _refuse_unless_it_may_start(
    provider_id: UUID, establishment_id: UUID, category_id: UUID, *, now: datetime
) -> None:
    if not may_apply_for(provider_id).filter(id=establishment_id).exists():
        raise NotYourEstablishment(field="establishment")
    if not categories_with_rules(london(now).date()).filter(id=category_id).exists():
        raise CategoryNotOpen(field="category")
    listed = Qualification.objects.filter(
        establishment_id=establishment_id, category_id=category_id, ended_at__isnull=True
    )
    if listed.exists():
        raise AlreadyQualified(field="category")
    if in_progress(provider_id, establishment_id, category_id):
        raise AlreadyApplying(field="category")


def _carry_over(before: Application, application: Application, *, now: datetime) -> None:
    """Copy each answer and cost whose question or head is still asked, by its code."""
    criteria = {criterion.code: criterion for criterion in criteria_of(application)}
    heads = {head.code: head for head in heads_of(application)}
    answers = Answer.objects.filter(application=before, criterion__code__in=criteria)
    Answer.objects.bulk_create(
        Answer(
            provider_id=application.provider_id,
            application=application,
            criterion=criteria[answer.criterion.code],
            passes=answer.passes,
            text=answer.text,
            changed_by_id=answer.changed_by_id,
            changed_at=now,
        )
        for answer in answers.select_related("criterion")
    )
    lines = CoreCostLine.objects.filter(application=before, head__code__in=heads)
    CoreCostLine.objects.bulk_create(
        CoreCostLine(
            provider_id=application.provider_id,
            application=application,
            head=heads[line.head.code],
            amount_pence=line.amount_pence,
            basis=line.basis,
        )
        for line in lines.select_related("head")
    )
