"""Claims, as each side sees them; the database shows a provider its own alone."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from providers.models import Addition, Claim, Establishment
from providers.states import ClaimState

MOST_FOUND = 25
SHORTEST_SEARCH = 3


def waiting_claims() -> QuerySet[Claim]:
    """Claims to decide, oldest first."""
    rows = Claim.objects.filter(state=ClaimState.WAITING).order_by("claimed_at", "id")
    return rows.select_related("provider", "establishment", "claimed_by")


def decided_claims() -> QuerySet[Claim]:
    rows = Claim.objects.exclude(state=ClaimState.WAITING).order_by("-decided_at", "-id")
    return rows.select_related("provider", "establishment", "decided_by")


def claims_of(provider_id: UUID) -> QuerySet[Claim]:
    """A provider's claims, newest first."""
    rows = Claim.objects.filter(provider_id=provider_id).order_by("-claimed_at", "-id")
    return rows.select_related("establishment")


def waiting_additions() -> QuerySet[Addition]:
    """Establishments to add, oldest first."""
    rows = Addition.objects.filter(state=ClaimState.WAITING).order_by("asked_at", "id")
    return rows.select_related("provider")


def additions_of(provider_id: UUID) -> QuerySet[Addition]:
    """Newest first."""
    return (
        Addition.objects.filter(provider_id=provider_id)
        .select_related("establishment")
        .order_by("-asked_at", "-id")
    )


def names_waiting(provider_id: UUID) -> list[str]:
    """What a provider claims or asks to be added, and is not decided yet; the newest first."""
    waiting = {"provider_id": provider_id, "state": ClaimState.WAITING}
    claimed = Claim.objects.filter(**waiting).values_list("claimed_at", "establishment__name")
    asked = Addition.objects.filter(**waiting).values_list("asked_at", "name")
    rows = claimed.order_by().union(asked.order_by(), all=True).order_by("-claimed_at")
    return [name for _, name in rows]


def establishments_of(provider_id: UUID) -> QuerySet[Establishment]:
    return Establishment.objects.filter(provider_id=provider_id).order_by("name", "id")


def claimable(search: str) -> list[Establishment]:
    """Open establishments that councils buy from, found by URN or by part of the name or town."""
    search = search.strip()
    if len(search) < SHORTEST_SEARCH:
        return []
    named = Q(name__icontains=search) | Q(town__iexact=search) | Q(urn=search)
    rows = Establishment.objects.filter(named, is_open=True, is_procured=True)
    return list(rows.select_related("provider").order_by("name", "id")[:MOST_FOUND])
