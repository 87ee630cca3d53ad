"""The master log: every establishment that is or was qualified (BC 10.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Least

from contracts.compliance import LEAST_SUM_PENCE
from providers.models import Establishment, Evidence, Inspection
from providers.queries.evidence import reliable
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

    Insured until the first of both kinds ends; null if there is no certificate of £10 million
    of one of them.
    """
    listings = Qualification.objects.filter(establishment=OuterRef("pk"))
    in_force = Suspension.objects.filter(establishment=OuterRef("pk"), lifted_at__isnull=True)
    rows = Establishment.objects.filter(Exists(listings)).select_related("provider")
    public, employers = Evidence.INSURANCES
    return rows.annotate(
        is_listed=Exists(listings.filter(ended_at__isnull=True)),
        is_suspended=Exists(in_force),
        public_until=_until(public),
        employers_until=_until(employers),
        insured_until=Case(
            When(public_until__isnull=True, then=None),
            When(employers_until__isnull=True, then=None),
            default=Least(F("public_until"), F("employers_until")),
            output_field=DateField(),
        ),
    ).order_by("name", "id")


def _until(kind: str) -> Subquery:
    its_own = Q(establishment=OuterRef("pk"))
    whole = Q(establishment__isnull=True, provider=OuterRef("provider"))
    held = reliable().filter(its_own | whole, kind=kind, sum_insured_pence__gte=LEAST_SUM_PENCE)
    return Subquery(held.order_by("-expires_on").values("expires_on")[:1])


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
