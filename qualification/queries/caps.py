"""Caps on core costs, and what the establishments on a list cost in a year (Q7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from dps.actors import Actor, Kind
from dps.models import Category
from dps.money import Basis
from qualification.caps import CapOf, Costing, Sifted, sift
from qualification.core_costs import CostEntry, Stay, totals, weeks_of
from qualification.models import Cap, CoreCostLine, Qualification


def cap_in_force(category_id: UUID, authority_id: int | None, day: date) -> Cap | None:
    """The first day counts, the last does not; with no authority the cap common to all."""
    found = caps_of(category_id, authority_id).filter(_lasting(day))
    return found.filter(from_date__lte=day).order_by("-from_date").first()


def common_caps(day: date) -> QuerySet[Cap]:
    """The caps common to all councils in force on a day, of every category; the latest first."""
    found = Cap.objects.filter(_lasting(day), authority__isnull=True, from_date__lte=day)
    return found.order_by("-from_date")


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

    For the central team and the system: councils read no costs, and get none.
    """
    listed = Qualification.objects.filter(category=category, ended_at__isnull=True)
    places = {
        row.application_id: row.establishment for row in listed.select_related("establishment")
    }
    entries: dict[UUID, list[CostEntry]] = defaultdict(list)
    lines = CoreCostLine.objects.filter(application_id__in=places).values_list(
        "application_id", "head__code", "amount_pence", "basis", "head__stay"
    )
    for application_id, code, pence, basis, stay in lines:
        entry = CostEntry(code, pence, Basis(basis), stay=Stay(stay) if stay else None)
        entries[application_id].append(entry)
    weeks = weeks_of(is_residential=category.is_residential)
    return [
        Costing(place.id, place.name, place.la_name, totals(entries[key], weeks=weeks).year_pence)
        for key, place in places.items()
        if key in entries
    ]


def sifted(category: Category, cap_pence: int, *, actor: Actor) -> Sifted:
    """Whom a cap would leave out; to a council it is not told what anybody costs."""
    if actor.kind is not Kind.AUTHORITY:
        return sift(costings(category), cap_pence)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM core_costs_above(%s, %s)", [category.pk, cap_pence])
        above = {row[0] for row in cursor.fetchall()}
    listed = Qualification.objects.filter(category=category, ended_at__isnull=True)
    ordered = listed.select_related("establishment").order_by("establishment__name", "id")
    places = [row.establishment for row in ordered]
    every = [Costing(place.id, place.name, place.la_name, None) for place in places]
    return Sifted(
        tuple(each for each in every if each.establishment_id in above),
        tuple(each for each in every if each.establishment_id not in above),
    )


@dataclass(frozen=True, slots=True)
class AboveCap:
    """An establishment above the cap of the council that asks; pence a year."""

    year_pence: int
    cap_pence: int


def above_own_cap(category_id: UUID, day: date) -> dict[UUID, AboveCap]:
    """Those on a list that are above the acting council's own cap: one query (Q7)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM above_own_cap(%s, %s)", [category_id, day])
        return {place: AboveCap(year, cap) for place, year, cap in cursor.fetchall()}


def caps_on(category_id: UUID, day: date) -> list[CapOf]:
    """Every cap of a category in force on a day, the common one first: one query."""
    return caps_of_all([category_id], day)[category_id]


def caps_of_all(category_ids: Collection[UUID], day: date) -> dict[UUID, list[CapOf]]:
    """The same of several categories: one query."""
    rows = Cap.objects.filter(_lasting(day), category_id__in=category_ids, from_date__lte=day)
    newest: dict[UUID, dict[str, int]] = {each: {} for each in category_ids}
    for row in rows.select_related("authority").order_by("from_date"):
        council = row.authority.name if row.authority else ""
        newest[row.category_id][council] = row.year_pence
    return {
        category_id: [CapOf(council, pence) for council, pence in sorted(found.items())]
        for category_id, found in newest.items()
    }


def _lasting(day: date) -> Q:
    return Q(until_date__isnull=True) | Q(until_date__gt=day)
