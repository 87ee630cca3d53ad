"""Caps on core costs, and what the establishments on a list cost in a year (Q7)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from dps.models import Category
from dps.money import Basis
from qualification.caps import Costing
from qualification.core_costs import CostEntry, totals, weeks_of
from qualification.models import Cap, CoreCostLine, Qualification


def cap_in_force(category_id: UUID, authority_id: int | None, day: date) -> Cap | None:
    """The first day counts, the last does not; with no authority the cap common to all."""
    found = caps_of(category_id, authority_id).filter(_lasting(day))
    return found.filter(from_date__lte=day).order_by("-from_date").first()


def caps_of(category_id: UUID, authority_id: int | None) -> QuerySet[Cap]:
    """A council's own caps of a category; with no council, those common to all."""
    whose = Q(authority__isnull=True) if authority_id is None else Q(authority_id=authority_id)
    return Cap.objects.filter(whose, category_id=category_id)


def caps_from(day: date) -> QuerySet[Cap]:
    """Every cap in force on a day or from a later one, by category; common ones first."""
    found = Cap.objects.filter(_lasting(day)).select_related("category", "authority", "made_by")
    return found.order_by("category__position", "authority__name", "from_date")


def costings(category: Category) -> list[Costing]:
    """Everybody on the list of a category with core costs, in pence a year: two queries.

    The central team and councils read the lines of those on a list; nobody else gets any.
    """
    listed = Qualification.objects.filter(category=category, ended_at__isnull=True)
    places = {
        row.application_id: row.establishment for row in listed.select_related("establishment")
    }
    entries: dict[UUID, list[CostEntry]] = defaultdict(list)
    lines = CoreCostLine.objects.filter(application_id__in=places).values_list(
        "application_id", "head__code", "amount_pence", "basis"
    )
    for application_id, code, pence, basis in lines:
        entries[application_id].append(CostEntry(code, pence, Basis(basis)))
    weeks = weeks_of(is_residential=category.is_residential)
    return [
        Costing(place.id, place.name, place.la_name, totals(entries[key], weeks=weeks).year_pence)
        for key, place in places.items()
        if key in entries
    ]


def _lasting(day: date) -> Q:
    return Q(until_date__isnull=True) | Q(until_date__gt=day)
