"""The qualified list: who can be invited, with which score, and who is suspended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from dps.money import Basis
from providers.models import Establishment
from qualification.core_costs import stay_for
from qualification.models import CompetencyScore, CoreCostLine, Qualification, Suspension


@dataclass(frozen=True, slots=True)
class QualifiedEstablishment:
    """One establishment on the list of a category, with what decides on an invitation."""

    establishment_id: UUID
    name: str
    provider_id: UUID | None
    provider_name: str
    easting: int | None
    northing: int | None
    la_name: str
    is_open: bool
    is_procured: bool
    is_suspended: bool
    low_age: int | None
    high_age: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class CoreLine:
    """One core cost that is carried into every referral: pence a week, month or year (Q5)."""

    code: str
    title: str
    amount_pence: int
    basis: Basis


def qualified_in(category_id: UUID) -> list[QualifiedEstablishment]:
    """Everybody on the list of a category, the suspended and closed too, by name: one query."""
    suspended = Suspension.objects.filter(
        establishment_id=OuterRef("establishment_id"), lifted_at__isnull=True
    )
    rows = Qualification.objects.filter(category_id=category_id, ended_at__isnull=True)
    rows = rows.select_related("establishment__provider").order_by(
        "establishment__name", "establishment_id"
    )
    return [
        _qualified(row.establishment, is_suspended=row.is_suspended)
        for row in rows.annotate(is_suspended=Exists(suspended))
    ]


def _qualified(place: Establishment, *, is_suspended: bool) -> QualifiedEstablishment:
    return QualifiedEstablishment(
        establishment_id=place.id,
        name=place.name,
        provider_id=place.provider_id,
        provider_name=place.provider.name if place.provider else "",
        easting=place.easting,
        northing=place.northing,
        la_name=place.la_name,
        is_open=place.is_open,
        is_procured=place.is_procured,
        is_suspended=is_suspended,
        low_age=place.low_age,
        high_age=place.high_age,
        kind=place.kind,
    )


def competency_at(
    establishment_ids: Collection[UUID], category_id: UUID, at: datetime
) -> dict[UUID, int]:
    """The score in force at a moment, 0-100 in hundredths, by establishment (BC 7.10, 7.12)."""
    scores = CompetencyScore.objects.filter(
        qualification__establishment_id__in=establishment_ids,
        qualification__category_id=category_id,
        from_moment__lte=at,
    ).order_by("from_moment", "id")
    return dict(scores.values_list("qualification__establishment_id", "score"))


def core_lines(
    establishment_id: UUID, category_id: UUID, *, weeks: int | None = None
) -> tuple[CoreLine, ...]:
    """The lines with which the establishment qualified; only its own provider sees any (Q5).

    For a place of so many weeks a year, of the residential schedules the one that it falls under;
    where the establishment filled one alone, that one.
    """
    qualified = Qualification.objects.filter(
        establishment_id=establishment_id, category_id=category_id, ended_at__isnull=True
    )
    lines = CoreCostLine.objects.filter(application_id__in=qualified.values("application_id"))
    ordered = list(lines.select_related("head").order_by("head__position", "head__code"))
    filled = {line.head.in_stay for line in ordered if line.head.in_stay}
    stay = stay_for(filled, weeks) if weeks is not None else None
    return tuple(
        CoreLine(line.head.code, line.head.title, line.amount_pence, Basis(line.basis))
        for line in ordered
        if weeks is None or line.head.in_stay in (None, stay)
    )


def suspended_between(
    establishment_ids: Collection[UUID], start: datetime, end: datetime
) -> set[UUID]:
    """Those suspended at any moment from start to end, both included; lifted at start is not."""
    overlapping = Suspension.objects.filter(
        Q(lifted_at__isnull=True) | Q(lifted_at__gt=start),
        establishment_id__in=establishment_ids,
        suspended_at__lte=end,
    )
    return set(overlapping.values_list("establishment_id", flat=True))


def suspensions_in_force(establishment_ids: Collection[UUID]) -> dict[UUID, list[Suspension]]:
    """What keeps each establishment out of referrals now, the latest first."""
    found: dict[UUID, list[Suspension]] = {}
    rows = Suspension.objects.filter(establishment_id__in=establishment_ids, lifted_at__isnull=True)
    for suspension in rows.order_by("-suspended_at", "-id"):
        found.setdefault(suspension.establishment_id, []).append(suspension)
    return found
