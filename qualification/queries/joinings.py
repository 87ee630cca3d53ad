"""A provider's joinings as its list shows them, and what can still be added to one."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from qualification.models import Joining, PointToClear, Qualification
from qualification.places import Place
from qualification.queries.applications import in_progress
from qualification.states import WITH_THE_TEAM, ApplicationState

_S = ApplicationState
REMOVED = Q(applications__state=_S.WITHDRAWN, applications__submitted_at__isnull=True)


def joinings_of(provider_id: UUID) -> QuerySet[Joining]:
    """The newest first, with how many parts are at which stage."""
    parts = "applications"
    return (
        Joining.objects.filter(provider_id=provider_id)
        .annotate(
            places=Count(f"{parts}__establishment", filter=~REMOVED, distinct=True),
            drafts=_count(Q(applications__state=_S.DRAFT)),
            waiting=_count(Q(applications__state__in=WITH_THE_TEAM)),
            qualified=_count(Q(applications__state=_S.QUALIFIED)),
            rejected=_count(Q(applications__state=_S.REJECTED)),
            sent_first=Min(
                f"{parts}__submitted_at", filter=Q(applications__state__in=WITH_THE_TEAM)
            ),
            name=Max(f"{parts}__establishment__name"),
            reply_by=waits_until(application__joining_id=OuterRef("pk")),
        )
        .order_by("-number")
    )


def waits_until(**of: object) -> Subquery:
    """The first day by which a reply is wanted before a decision; None where nobody waits."""
    open_ones = PointToClear.objects.filter(
        replied_at__isnull=True, application__state__in=WITH_THE_TEAM, **of
    )
    return Subquery(open_ones.order_by("reply_by").values("reply_by")[:1])


def _count(condition: Q) -> Count:
    return Count("applications", filter=condition, distinct=True)


def free_places(
    provider_id: UUID, establishment_ids: Collection[UUID], category_ids: Collection[UUID]
) -> list[Place]:
    """Of these establishments in these categories, those neither applied for nor on the list."""
    listed = Qualification.objects.filter(
        establishment_id__in=establishment_ids, ended_at__isnull=True
    )
    taken = set(listed.values_list("establishment_id", "category_id"))
    taken |= in_progress(provider_id, establishment_ids)
    return [
        Place(establishment_id, category_id)
        for establishment_id in establishment_ids
        for category_id in category_ids
        if (establishment_id, category_id) not in taken
    ]


def points_to_clear(provider_id: UUID) -> QuerySet[PointToClear]:
    """What the contract team has asked, what waits for a reply first."""
    rows = PointToClear.objects.filter(provider_id=provider_id)
    return rows.select_related(
        "application__establishment", "application__category", "application__joining", "asked_by"
    ).order_by("replied_at", "reply_by", "id")
