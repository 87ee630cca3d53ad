"""Which councils can invite an establishment, as its own provider may know it (Q7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from dps.models import Adoption, Category
from qualification.caps import CapEffect, CapOf, verdicts
from qualification.core_costs import CostEntry, totals, weeks_of
from qualification.models import Qualification
from qualification.queries.caps import caps_on
from qualification.queries.qualified import core_lines


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
    """For its own provider: nobody else reads the costs, and would be told of none."""
    rows = Qualification.objects.filter(establishment_id=establishment_id, ended_at__isnull=True)
    found = []
    for row in rows.select_related("category").order_by("category__position"):
        year = _year_pence(establishment_id, row.category)
        own = {each.council: each for each in caps_on(row.category_id, day) if each.council}
        councils = tuple(
            Invitable(name, _effect(year, own.get(name))) for name in _using(row.category_id, day)
        )
        found.append(ListedIn(row.category, year, councils))
    return found


def _effect(year_pence: int, cap: CapOf | None) -> CapEffect | None:
    return verdicts(year_pence, [cap])[0] if cap else None


def _year_pence(establishment_id: UUID, category: Category) -> int:
    lines = core_lines(establishment_id, category.pk)
    entries = [CostEntry(each.code, each.amount_pence, each.basis) for each in lines]
    return totals(entries, weeks=weeks_of(is_residential=category.is_residential)).year_pence


def _using(category_id: UUID, day: date) -> list[str]:
    live = Q(until_date__isnull=True) | Q(until_date__gt=day)
    rows = Adoption.objects.filter(live, category_id=category_id, from_date__lte=day)
    return sorted(set(rows.values_list("authority__name", flat=True)))
