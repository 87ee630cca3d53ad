"""Which councils can invite an establishment, as its own provider may know it (Q7)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from dps.models import Adoption, Category
from dps.money import Basis
from qualification.caps import CapEffect, CapOf, verdicts
from qualification.core_costs import CostEntry, totals, weeks_of
from qualification.models import CoreCostLine, Qualification
from qualification.queries.caps import caps_of_all


@dataclass(frozen=True, slots=True)
class Invitable:
    """A council that uses a category, and its own cap's effect if it has one."""

    council: str
    effect: CapEffect | None

    @property
    def can_invite(self) -> bool:
        return self.effect is None or self.effect.verdict.passed


@dataclass(frozen=True, slots=True)
class ListedIn:
    """A category on whose list the establishment is, its yearly core costs, and the councils."""

    category: Category
    year_pence: int
    councils: tuple[Invitable, ...]


def listed_in(establishment_id: UUID, day: date) -> list[ListedIn]:
    """For its own provider: nobody else reads the costs, and would be told of none.

    Four queries, however many lists it is on.
    """
    rows = Qualification.objects.filter(establishment_id=establishment_id, ended_at__isnull=True)
    listed = list(rows.select_related("category").order_by("category__position"))
    categories = [row.category_id for row in listed]
    costs = _entries_of([row.application_id for row in listed])
    caps, using = caps_of_all(categories, day), _using(categories, day)
    found = []
    for row in listed:
        weeks = weeks_of(is_residential=row.category.is_residential)
        year = totals(costs.get(row.application_id, ()), weeks=weeks).year_pence
        own = {each.council: each for each in caps[row.category_id] if each.council}
        councils = tuple(
            Invitable(name, _effect(year, own.get(name))) for name in using[row.category_id]
        )
        found.append(ListedIn(row.category, year, councils))
    return found


def _effect(year_pence: int, cap: CapOf | None) -> CapEffect | None:
    return verdicts(year_pence, [cap])[0] if cap else None


def _entries_of(application_ids: Collection[UUID]) -> dict[UUID, list[CostEntry]]:
    lines = CoreCostLine.objects.filter(application_id__in=application_ids).select_related("head")
    found: dict[UUID, list[CostEntry]] = {}
    for line in lines:
        entry = CostEntry(
            line.head.code, line.amount_pence, Basis(line.basis), stay=line.head.in_stay
        )
        found.setdefault(line.application_id, []).append(entry)
    return found


def _using(category_ids: Collection[UUID], day: date) -> dict[UUID, list[str]]:
    """By category, the councils that use it on a day, by name."""
    live = Q(until_date__isnull=True) | Q(until_date__gt=day)
    rows = Adoption.objects.filter(live, category_id__in=category_ids, from_date__lte=day)
    found: dict[UUID, set[str]] = {each: set() for each in category_ids}
    for category_id, name in rows.values_list("category_id", "authority__name"):
        found[category_id].add(name)
    return {category_id: sorted(names) for category_id, names in found.items()}
