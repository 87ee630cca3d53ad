"""Starting to join: which establishments apply for which categories, and what is put right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.permissions import Action, require
from dps.refusals import IllegalTransition, NotUnderstood, Refusal
from qualification.kinds import Fit, KindDoesNotFit, fit
from qualification.models import Application, Joining, Qualification, RuleSet
from qualification.places import Place
from qualification.queries.applications import in_progress, last_ended_of, may_apply_for
from qualification.queries.rules import registers_asked_by, rule_sets_on
from qualification.services.carrying_over import copy_answers, copy_costs
from qualification.services.joining_row import locked_joining
from qualification.states import ApplicationState

MOST_AT_ONCE = 500


class NotYourEstablishment(Refusal):
    message = "Claim this establishment first. Then you can apply for it"


class CategoryNotOpen(Refusal):
    message = "This category does not take applications yet"


class AlreadyQualified(Refusal):
    message = "This establishment is on the list of this category already"


class AlreadyApplying(Refusal):
    message = "You have an application for this establishment and category already. Go on with it"


class ChooseSome(NotUnderstood):
    message = "Select at least one establishment and one category"


class NotADraftAnyMore(IllegalTransition):
    message = "This part has been sent, so it cannot be removed. You can withdraw it"


@transaction.atomic
def start_joining(*, actor: Actor, now: datetime) -> Joining:
    """Begin an application of the provider, with no establishment in it yet (Q1).

    :raises NotPermitted: the actor may not prepare applications.
    :raises NotYourEstablishment: the actor acts for no provider.
    """
    require(actor, Action.PREPARE_APPLICATION)
    provider_id = _own(actor)
    joining = Joining.objects.create(
        provider_id=provider_id,
        number=_next_number(provider_id),
        started_at=now,
        started_by_id=actor.person_id,
    )
    audit.record(Act("joining.started", joining, {"number": joining.number}), actor=actor, at=now)
    return joining


@transaction.atomic
def add_applications(
    *, joining_id: UUID, wanted: Sequence[Place], actor: Actor, now: datetime
) -> list[Application]:
    """Add establishments in categories to an application, each as a draft (BC 7.6, 7.21, Q1).

    The costs, and the answers that this application lacks, are copied from the last one for the
    same that did not succeed.

    :raises NotPermitted: the actor may not prepare applications.
    :raises ChooseSome: nothing is wanted.
    :raises NotYourEstablishment: one is not claimed, or closed, or bought from by no council.
    :raises CategoryNotOpen: a category asks nothing yet.
    :raises KindDoesNotFit: one can never be on the register that a category asks about.
    :raises AlreadyQualified, AlreadyApplying: one is on the list, or being written or decided.
    """
    require(actor, Action.PREPARE_APPLICATION)
    joining = locked_joining(joining_id)
    places = list(dict.fromkeys(wanted))
    if not places or len(places) > MOST_AT_ONCE:
        raise ChooseSome(field="establishments")
    rules = rule_sets_on({each.category_id for each in places}, london(now).date())
    _refuse_unless_they_may_start(joining.provider_id, places, rules)

    try:
        with transaction.atomic():
            made = Application.objects.bulk_create(
                Application(
                    provider_id=joining.provider_id,
                    joining=joining,
                    establishment_id=each.establishment_id,
                    category_id=each.category_id,
                    rule_set=rules[each.category_id],
                    started_at=now,
                )
                for each in places
            )
    except IntegrityError as taken:
        raise AlreadyApplying from taken
    before = last_ended_of(made)
    copy_costs(before, made)
    copy_answers(before, made, now=now)
    for application in made:
        ended = before.get((application.establishment_id, application.category_id))
        facts = {"carried_over_from": str(ended.id) if ended else None}
        audit.record(Act("application.started", application, facts), actor=actor, at=now)
    return made


@transaction.atomic
def start_application(
    *, establishment_id: UUID, category_id: UUID, actor: Actor, now: datetime
) -> Application:
    """Start a draft for one establishment: in the application that is being written, or a new one.

    :raises Refusal: as `add_applications` does.
    """
    require(actor, Action.PREPARE_APPLICATION)
    place = Place(establishment_id, category_id)
    joining = _to_go_on_with(_own(actor), place) or start_joining(actor=actor, now=now)
    added = add_applications(joining_id=joining.id, wanted=[place], actor=actor, now=now)
    return added[0]


@transaction.atomic
def remove_application(*, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Take a draft out of an application; what was answered for all stays (Q1).

    :raises NotPermitted: the actor may not prepare applications.
    :raises NotADraftAnyMore: it has been sent or withdrawn.
    """
    require(actor, Action.PREPARE_APPLICATION)
    application = Application.objects.select_for_update().get(pk=application_id)
    if application.state != ApplicationState.DRAFT:
        raise NotADraftAnyMore

    application.state = ApplicationState.WITHDRAWN
    application.save(update_fields=["state"])
    facts = {"from": ApplicationState.DRAFT.value}
    audit.record(Act("application.withdrawn", application, facts), actor=actor, at=now)
    return application


def _own(actor: Actor) -> UUID:
    if actor.provider_id is None:
        raise NotYourEstablishment(field="establishment")
    return actor.provider_id


def _next_number(provider_id: UUID) -> int:
    """Counted one by one; a lock by name, since a provider may not lock its own row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"qualification.joining_number:{provider_id}"],
        )
    last = Joining.objects.filter(provider_id=provider_id).aggregate(Max("number"))
    return (last["number__max"] or 0) + 1


def _to_go_on_with(provider_id: UUID, place: Place) -> Joining | None:
    """The one in which it was applied for before, else the latest with something to write."""
    mine = Joining.objects.filter(provider_id=provider_id)
    before = mine.filter(
        applications__establishment_id=place.establishment_id,
        applications__category_id=place.category_id,
    )
    drafted = mine.filter(applications__state=ApplicationState.DRAFT)
    newest = ("-number",)
    return before.order_by(*newest).first() or drafted.order_by(*newest).first()


def _refuse_unless_they_may_start(
    provider_id: UUID, places: Iterable[Place], rules: dict[UUID, RuleSet]
) -> None:
    establishments = {each.establishment_id for each in places}
    own = may_apply_for(provider_id).filter(id__in=establishments)
    kinds = dict(own.values_list("id", "kind"))
    if establishments - set(kinds):
        raise NotYourEstablishment(field="establishments")
    if {each.category_id for each in places} - set(rules):
        raise CategoryNotOpen(field="categories")
    asked = registers_asked_by(rules.values())
    for each in places:
        if fit(kinds[each.establishment_id], asked.get(each.category_id, "")) is Fit.NEVER:
            raise KindDoesNotFit
    listed = Qualification.objects.filter(
        establishment_id__in=establishments, ended_at__isnull=True
    ).values_list("establishment_id", "category_id")
    wanted = {(each.establishment_id, each.category_id) for each in places}
    if wanted & set(listed):
        raise AlreadyQualified(field="categories")
    if wanted & in_progress(provider_id, establishments):
        raise AlreadyApplying(field="categories")
