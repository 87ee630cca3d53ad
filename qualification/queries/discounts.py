"""What an establishment takes off for siblings and for a group (Q6)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from qualification.discounts import DiscountKind, Step
from qualification.models import Discount, Qualification


def steps_of(application_id: UUID) -> tuple[Step, ...]:
    """Of one application, by kind and number of children."""
    return in_order(Discount.objects.filter(application_id=application_id))


def discounts_of(establishment_id: UUID, category_id: UUID) -> tuple[Step, ...]:
    """Those with which the establishment qualified; councils may read them, unlike its costs."""
    qualified = Qualification.objects.filter(
        establishment_id=establishment_id, category_id=category_id, ended_at__isnull=True
    )
    return in_order(Discount.objects.filter(application_id__in=qualified.values("application_id")))


def in_order(rows: Iterable[Discount]) -> tuple[Step, ...]:
    """By kind and number of children."""
    return tuple(
        sorted(Step(DiscountKind(row.kind), row.from_children, row.percent) for row in rows)
    )
