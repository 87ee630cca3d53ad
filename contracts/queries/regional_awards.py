"""The approved awards of the whole region, one authority after the other (BC 10.1).

Each branch names its authority, so that the database reads that authority's partition alone; the
central team's policy shows approved awards and nothing else of a referral.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from dps.actors import REGION_ID
from dps.models import Authority
from referrals.models import Award

COLUMNS = (
    "id",
    "decided_at",
    "authority_id",
    "category__name",
    "establishment_id",
    "establishment__name",
    "provider__name",
    "annual_value_pence",
    "signed_at",
)


@dataclass(frozen=True, slots=True)
class Total:
    """The awards of one authority in one category: how many, and pence a year."""

    authority_id: int
    category_id: UUID
    category: str
    count: int
    value_pence: int


def authorities() -> list[Authority]:
    return list(Authority.objects.exclude(id=REGION_ID).order_by("name"))


def awards(authority_ids: Iterable[int], category: str = "") -> QuerySet[Any, dict[str, Any]]:
    """The awards as rows of COLUMNS, the latest first; of one category by its code."""
    each = [_approved(one, category).values(*COLUMNS) for one in authority_ids]
    return _together(each).order_by("-decided_at", "-id")


def totals(authority_ids: Iterable[int], category: str = "") -> list[Total]:
    """The same awards added up: one query."""
    grouped = ("authority_id", "category_id", "category__name")
    each = [
        _approved(one, category)
        .order_by()
        .values_list(*grouped)
        .annotate(count=Count("id"), value=Sum("annual_value_pence"))
        for one in authority_ids
    ]
    return [Total(*row) for row in _together(each)]


def _approved(authority_id: int, category: str) -> QuerySet[Award]:
    rows = Award.objects.of(authority_id).filter(state=Award.State.APPROVED)
    return rows.filter(category__code=category) if category else rows


def _together(each: list[Any]) -> Any:
    first, *others = each
    return first.union(*others, all=True) if others else first
