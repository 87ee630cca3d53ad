"""Which certificate of each kind counts: the one that runs longest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from providers.models import Evidence


def latest(establishment_id: UUID) -> dict[str, Evidence]:
    """One establishment's certificate of each kind that expires last."""
    return latest_of([establishment_id]).get(establishment_id, {})


def latest_of(establishment_ids: Iterable[UUID]) -> dict[UUID, dict[str, Evidence]]:
    """The same for several establishments, in one query."""
    rows = (
        Evidence.objects.filter(establishment_id__in=list(establishment_ids))
        .order_by("establishment_id", "kind", "-expires_on", "-id")
        .distinct("establishment_id", "kind")
    )
    found: dict[UUID, dict[str, Evidence]] = defaultdict(dict)
    for row in rows:
        found[row.establishment_id][row.kind] = row
    return dict(found)
