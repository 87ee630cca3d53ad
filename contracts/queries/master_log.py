"""The master log: every establishment that is or was qualified (BC 10.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from contracts.queries.insurance import insured_until
from providers.models import Establishment, Inspection
from qualification.models import Qualification, Suspension

Logged = Any
"""An establishment with the annotations of `logged()`."""


@dataclass(slots=True)
class Entry:
    """What the log tells of one establishment besides its own columns."""

    listings: list[Qualification] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    """In force and lifted, the oldest first."""
    inspection: Inspection | None = None


def logged() -> QuerySet[Logged]:
    """Each with `is_listed`, `is_suspended` and `insured_until`, by name.

    Insured until the first of the kinds ends that its categories ask for; null if one of them is
    not covered by the sum asked for.
    """
    listings = Qualification.objects.filter(establishment=OuterRef("pk"))
    in_force = Suspension.objects.filter(establishment=OuterRef("pk"), lifted_at__isnull=True)
    rows = Establishment.objects.filter(Exists(listings)).select_related("provider")
    return rows.annotate(
        is_listed=Exists(listings.filter(ended_at__isnull=True)),
        is_suspended=Exists(in_force),
        insured_until=insured_until(),
    ).order_by("name", "id")


def entries_of(establishment_ids: Collection[UUID]) -> dict[UUID, Entry]:
    """Listings, suspensions and the latest inspection of these: three queries."""
    told: dict[UUID, Entry] = defaultdict(Entry)
    listings = Qualification.objects.filter(establishment_id__in=establishment_ids)
    for listing in listings.select_related("category").order_by("qualified_at", "id"):
        told[listing.establishment_id].listings.append(listing)
    suspensions = Suspension.objects.filter(establishment_id__in=establishment_ids)
    for suspension in suspensions.order_by("suspended_at", "id"):
        told[suspension.establishment_id].suspensions.append(suspension)
    inspections = Inspection.objects.filter(establishment_id__in=establishment_ids)
    latest = inspections.order_by("establishment_id", "-inspected_on", "-recorded_at", "-id")
    for inspection in latest.distinct("establishment_id"):
        told[inspection.establishment_id].inspection = inspection
    return told
