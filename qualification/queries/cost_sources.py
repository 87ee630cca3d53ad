"""Which other establishments of a provider have core costs that can be taken over."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import Exists, OuterRef

from qualification.models import Application, CoreCostLine
from qualification.queries.applications import Costed, Costs, with_names
from qualification.states import ApplicationState

MOST_SOURCES = 60


def with_costs_like(application: Application) -> list[Costs]:
    """Those of the same provider and category with costs, the newest of each establishment.

    By name; the same queries for one and for forty.
    """
    lines = CoreCostLine.objects.filter(application_id=OuterRef("pk"), amount_pence__gt=0)
    rows = with_names().filter(
        Exists(lines), provider_id=application.provider_id, category_id=application.category_id
    )
    gone = {"state": ApplicationState.WITHDRAWN, "submitted_at__isnull": True}
    others = rows.exclude(pk=application.pk).exclude(**gone)
    seen: Counter[object] = Counter()
    newest = []
    for each in others.order_by("-started_at", "-id"):
        seen[each.establishment_id] += 1
        if seen[each.establishment_id] == 1:
            newest.append(each)
    newest.sort(key=lambda each: (each.establishment.name, str(each.pk)))
    return _costs_of(newest[:MOST_SOURCES])


def _costs_of(sources: list[Application]) -> list[Costs]:
    """With the lines that are given, and no heads that are not."""
    lines = CoreCostLine.objects.filter(application_id__in=[each.id for each in sources])
    costed: dict[UUID, list[Costed]] = {each.id: [] for each in sources}
    for line in lines.select_related("head").order_by("head__position", "head__code"):
        costed[line.application_id].append(Costed(line.head, line))
    return [Costs(each, tuple(costed[each.id])) for each in sources]
