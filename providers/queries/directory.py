"""Searching the regional directory, which is open to whoever signs in."""

from __future__ import annotations

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from dps.grid import GridPoint, reach
from providers import region
from providers.models import Establishment

PARTNERS = "partners"
# Hundredths of a mile in a metre are 3125 ÷ 50292; a distance is rounded half up (scoring.md).
_HUNDREDTHS, _METRES = 3125, 50292


def listed() -> QuerySet[Establishment]:
    """Every establishment with its provider, those in the partners' areas first, then by name."""
    is_outside = Case(When(la_name__in=region.areas(), then=Value(0)), default=Value(1))
    return Establishment.objects.select_related("provider").order_by(is_outside, "name", "id")


def in_area(found: QuerySet[Establishment], name: str) -> QuerySet[Establishment]:
    """Those in one local authority's area, or in the partners' areas together."""
    return found.filter(la_name__in=region.areas() if name == PARTNERS else [name])


def named(found: QuerySet[Establishment], text: str) -> QuerySet[Establishment]:
    """By part of its name, of its town's or its provider's, or by its whole URN."""
    either = Q(name__icontains=text) | Q(provider__name__icontains=text) | Q(urn=text)
    return found.filter(either | Q(town__icontains=text))


def taking_age(found: QuerySet[Establishment], age: int) -> QuerySet[Establishment]:
    """Those that take a child of this age, and those that do not say."""
    young = Q(low_age__lte=age) | Q(low_age__isnull=True)
    old = Q(high_age__gte=age) | Q(high_age__isnull=True)
    return found.filter(young & old)


def with_square(found: QuerySet[Establishment], origin: GridPoint) -> QuerySet[Establishment]:
    """Each with `square`, its distance in metres squared, nearest first; the unplaced come last."""
    east, north = (
        Cast(F(name), BigIntegerField()) - Value(from_, BigIntegerField())
        for name, from_ in (("easting", origin.easting), ("northing", origin.northing))
    )
    rows = found.annotate(square=east * east + north * north)
    return rows.order_by(F("square").asc(nulls_last=True), "name", "id")


def within(
    found: QuerySet[Establishment], origin: GridPoint, miles: int
) -> QuerySet[Establishment]:
    """Those at most so many miles away by the rounded distance; reads the index of points first."""
    far, east, north = reach(miles), origin.easting, origin.northing
    near = found.filter(point__inside=(east - far, north - far, east + far, north + far))
    inside = Q(square__lte=farthest_square(miles))
    return with_square(near, origin).filter(inside)


def farthest_square(miles: int) -> int:
    """The largest square of metres whose rounded distance is within that many whole miles.

    The rounded distance is floor((√s x 6250 + 50292) ÷ 100584), so that it is at most 100 x miles
    exactly when √s x 6250 is below 100584 x (100 x miles + 1) - 50292.
    """
    bound = 2 * _METRES * (100 * miles + 1) - _METRES
    return (bound * bound - 1) // (2 * _HUNDREDTHS) ** 2


def areas() -> list[str]:
    """The names of the local authorities in which open establishments stand."""
    rows = Establishment.objects.filter(is_open=True).exclude(la_name="")
    return list(rows.order_by("la_name").values_list("la_name", flat=True).distinct())
