"""The latest inspection on record of everybody on a list."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from providers.models import Establishment, Inspection
from qualification.inspections import UnknownScheme, result_of
from qualification.models import Qualification
from qualification.rule_effects import Held


def inspections_held(on: date) -> list[Held]:
    """Of every qualified establishment that was inspected, by name: one query.

    A council's own check stands beside an inspector's; each scheme's latest result counts.
    """
    listed = Qualification.objects.filter(establishment=OuterRef("pk"), ended_at__isnull=True)
    on_a_list = Establishment.objects.filter(Exists(listed))
    latest = (
        Inspection.objects.filter(establishment__in=on_a_list, inspected_on__lte=on)
        .order_by("establishment__name", "establishment_id", "scale", "-inspected_on", "-id")
        .distinct("establishment__name", "establishment_id", "scale")
    )
    found = []
    for row in latest.select_related("establishment"):
        try:
            result = result_of(row.scale, row.result, row.inspected_on)
        except UnknownScheme:
            continue
        place = row.establishment
        found.append(Held(place.pk, place.name, place.la_name, result, row.result))
    return found
