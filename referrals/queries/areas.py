"""Where a category's establishments are."""

from __future__ import annotations

from uuid import UUID

from qualification.models import Qualification


def areas_with_qualified(category_id: UUID) -> list[str]:
    """The authority areas in which somebody is qualified, by name."""
    rows = Qualification.objects.filter(category_id=category_id, ended_at__isnull=True)
    names = rows.order_by().values_list("establishment__la_name", flat=True).distinct()
    return sorted(name for name in names if name)
