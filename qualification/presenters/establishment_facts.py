"""What the directory shows of an establishment: its categories, its score, its suspensions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from dps.actors import Actor, Kind
from dps.permissions import Action, may
from providers.presenters.facts import Fact
from qualification.models import Qualification, Suspension
from qualification.queries.qualified import suspensions_in_force

READ_SUSPENSIONS = (Kind.AUTHORITY, Kind.CENTRAL, Kind.PROVIDER, Kind.SYSTEM)


def facts(establishment_ids: Collection[UUID], actor: Actor) -> dict[UUID, list[Fact]]:
    """The suspensions in force first, then the categories: two queries for any number."""
    told: dict[UUID, list[Fact]] = defaultdict(list)
    suspended = suspensions_in_force(establishment_ids) if actor.kind in READ_SUSPENSIONS else {}
    for establishment_id, in_force in suspended.items():
        told[establishment_id] += [_suspended(each, actor) for each in in_force]
    for listed in _listed(establishment_ids):
        is_out = listed.establishment_id in suspended
        told[listed.establishment_id].append(_qualified(listed, actor, is_out=is_out))
    return dict(told)


def ids_qualified_in(category_code: str) -> set[UUID]:
    """The establishments on the list of a category, the suspended too."""
    rows = Qualification.objects.filter(category__code=category_code, ended_at__isnull=True)
    return set(rows.values_list("establishment_id", flat=True))


def _listed(establishment_ids: Collection[UUID]) -> list[Qualification]:
    rows = Qualification.objects.filter(
        establishment_id__in=establishment_ids, ended_at__isnull=True
    )
    return list(rows.select_related("category").order_by("category__position", "category__code"))


def _qualified(listed: Qualification, actor: Actor, *, is_out: bool) -> Fact:
    label = listed.category.name
    if is_out:
        return Fact(label, "Qualified, paused", "grey")
    if not may(actor, Action.SUSPEND):
        return Fact(label, "Qualified", "green")
    href = reverse("qualification:suspend", args=[listed.establishment_id])
    return Fact(label, "Qualified", "green", href=href, action="Suspend")


def _suspended(suspension: Suspension, actor: Actor) -> Fact:
    value = suspension.get_cause_display()
    if not may(actor, Action.REINSTATE):
        return Fact("Suspended", value, "red")
    href = reverse("qualification:reinstate", args=[suspension.pk])
    return Fact("Suspended", value, "red", href=href, action="Reinstate")
