"""The cap on core costs in force on a day: common to all councils, or a council's own (Q7)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from qualification.models import Cap


def cap_in_force(category_id: UUID, authority_id: int | None, day: date) -> Cap | None:
    """The first day counts, the last does not; with no authority the cap common to all."""
    ends = Q(until_date__isnull=True) | Q(until_date__gt=day)
    found = Cap.objects.filter(
        ends, category_id=category_id, authority_id=authority_id, from_date__lte=day
    )
    return found.order_by("-from_date").first()
