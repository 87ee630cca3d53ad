"""Whom a cap would leave out, and which of them hold placements: asked before it is adopted (Q7).

The central team counts the approved awards of every council; a council counts its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db.models import Count

from contracts.queries.regional_awards import authorities
from dps.actors import Actor
from dps.models import Category
from qualification.caps import Costing, Sifted, sift
from qualification.queries.caps import costings
from referrals.models import Award


@dataclass(frozen=True, slots=True)
class CouncilEffect:
    """One council: those left out in its area, and its placements with those left out."""

    name: str
    left_out: int
    holding: int
    placements: int


@dataclass(frozen=True, slots=True)
class CapEffect:
    """What a cap of so many pence a year would do to a category's list."""

    cap_pence: int
    sifted: Sifted
    placements: dict[UUID, int]
    """By establishment above the cap: how many children are placed there."""
    councils: tuple[CouncilEffect, ...]

    @property
    def left_out(self) -> tuple[Costing, ...]:
        return self.sifted.above

    @property
    def holding(self) -> int:
        """How many of those left out hold placements."""
        return sum(1 for each in self.left_out if self.placements.get(each.establishment_id))

    @property
    def placement_count(self) -> int:
        return sum(self.placements.values())

    @property
    def fingerprint(self) -> str:
        """Changes when anything changes that whoever adopts the cap has looked at."""
        held = self.placements
        rows = [
            f"{each.establishment_id}:{each.year_pence}:{held.get(each.establishment_id, 0)}"
            for each in self.left_out
        ]
        return sha256("\n".join([str(self.cap_pence), *rows]).encode()).hexdigest()


def effect_of(
    category: Category, year_pence: int, *, authority_id: int | None, actor: Actor
) -> CapEffect:
    """The effect as of now: four queries, whatever the number of councils.

    Of a council's own cap only its own placements count.
    """
    sifted = sift(costings(category), year_pence)
    every = authorities()
    own = (actor.authority_id, authority_id)
    readable = [each.pk for each in every if all(one in (None, each.pk) for one in own)]
    above = {each.establishment_id for each in sifted.above}
    held = _placements(category, above, readable)
    in_area = Counter(each.area for each in sifted.above)
    councils = [
        CouncilEffect(
            name=each.name,
            left_out=in_area.pop(each.name, 0),
            holding=sum(1 for authority_id, _ in held if authority_id == each.pk),
            placements=sum(n for (authority_id, _), n in held.items() if authority_id == each.pk),
        )
        for each in every
    ]
    councils += [CouncilEffect(name or "Not known", n, 0, 0) for name, n in sorted(in_area.items())]
    by_place: Counter[UUID] = Counter()
    for (_, establishment_id), number in held.items():
        by_place[establishment_id] += number
    shown = tuple(each for each in councils if each.left_out or each.placements)
    return CapEffect(year_pence, sifted, dict(by_place), shown)


def _placements(
    category: Category, establishment_ids: Collection[UUID], authority_ids: Collection[int]
) -> dict[tuple[int, UUID], int]:
    """Approved awards by council and establishment; each branch names its council: one query."""
    if not establishment_ids or not authority_ids:
        return {}
    each = [
        Award.objects.of(one)
        .filter(
            state=Award.State.APPROVED,
            category=category,
            establishment_id__in=list(establishment_ids),
        )
        .order_by()
        .values_list("authority_id", "establishment_id")
        .annotate(number=Count("id"))
        for one in authority_ids
    ]
    first, *others = each
    rows = first.union(*others, all=True) if others else first
    return {(authority_id, place): number for authority_id, place, number in rows}
