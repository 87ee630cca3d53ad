"""How a provider's own establishments stand, category by category: what its pages read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet

from dps.clock import london
from providers.models import Establishment
from providers.queries.evidence import kept_of
from qualification.models import (
    Application,
    CompetencyScore,
    Qualification,
    ScoreReview,
    Suspension,
)
from qualification.queries.gathered import gathered, rows_of
from qualification.queries.reviewing import (
    Version,
    every_of,
    in_force,
    reviews,
    rules_for,
    scores_of,
    versions_from,
)
from qualification.reviewing import due_on
from qualification.states import IN_PROGRESS

EXPIRING_DAYS = 90


@dataclass(frozen=True, slots=True)
class Listed:
    """One establishment on the list of one category."""

    qualification: Qualification
    now: Version | None
    """The version that counts, if there is a score."""
    versions: tuple[Version, ...]
    """The oldest first; those to come last."""
    reviews: tuple[ScoreReview, ...]
    """The newest first."""
    review_due: date
    suspensions: tuple[Suspension, ...]


def listed_of(provider_id: UUID, today: date) -> QuerySet[Qualification]:
    """A provider's places on the lists, by name, with what `standing_of` reads of each."""
    rows = Qualification.objects.filter(establishment__provider_id=provider_id)
    of_place = {"establishment_id": OuterRef("establishment_id")}
    suspended = Suspension.objects.filter(lifted_at__isnull=True, **of_place)
    under_way = Application.objects.filter(
        suspension_id__isnull=False, state__in=IN_PROGRESS, **of_place
    )
    return (
        rows.filter(ended_at__isnull=True)
        .select_related("establishment", "category")
        .annotate(
            suspended=gathered(suspended.order_by("-suspended_at", "-id")),
            under_way=gathered(under_way.order_by("started_at")),
            scores=gathered(scores_of(), "review"),
            every=gathered(rules_for(today)),
        )
        .order_by("establishment__name", "category__position", "pk")
    )


def standing_of(rows: Collection[Any], at: datetime) -> list[Listed]:
    """Of each of `listed_of`, in the order given: two queries for any number."""
    ids = [row.pk for row in rows]
    versions = versions_from(
        ids, [score for row in rows for score in rows_of(CompetencyScore, row.scores, "review")]
    )
    made: dict[UUID, list[ScoreReview]] = {one: [] for one in ids}
    for review in reviews().filter(qualification_id__in=ids):
        made[review.qualification_id].append(review)
    return [
        Listed(
            qualification=row,
            now=in_force(versions[row.pk], at),
            versions=tuple(versions[row.pk]),
            reviews=tuple(made[row.pk]),
            review_due=due_on(_looked_at(row, made[row.pk]), every_of(row).months),
            suspensions=tuple(rows_of(Suspension, row.suspended)),
        )
        for row in rows
    ]


def _looked_at(row: Qualification, made: Collection[ScoreReview]) -> date:
    decided = [each.decided_at for each in made if each.decided_at is not None]
    return london(max([row.qualified_at, *decided])).date()


def expiring_of(establishment: Establishment, today: date) -> list[tuple[str, date]]:
    """What it and its organisation hold that ends soon, the first first, with its last day."""
    if establishment.provider_id is None:
        return []
    kept = kept_of({establishment.pk: establishment.provider_id})[establishment.pk]
    last: dict[str, date] = {}
    for each in kept:
        if each.expires_on is not None and not each.is_replaced:
            last[each.what] = max(each.expires_on, last.get(each.what, each.expires_on))
    soon = [(what, day) for what, day in last.items() if (day - today).days < EXPIRING_DAYS]
    return sorted(soon, key=lambda item: (item[1], item[0]))


def putting_right(row: Any) -> dict[UUID, Application]:
    """By suspension, the application under way to put it right, of a row of `listed_of`."""
    under_way = rows_of(Application, row.under_way)
    return {each.suspension_id: each for each in under_way if each.suspension_id}
