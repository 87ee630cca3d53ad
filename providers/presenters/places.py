"""The directory's map: the region's outline, numbered pins as in the list, and a limit in miles."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from dps.govuk.map import METRES_IN_A_MILE, Circle, Map, Point, Ring
from dps.grid import GridPoint
from providers import region
from providers.models import Establishment

LIST_ID = "directory-list"
AROUND_ONE_MILES = 20

_K = Establishment.Kind
SHAPES = {
    _K.INDEPENDENT_SPECIAL: "school",
    _K.NON_MAINTAINED_SPECIAL: "school",
    _K.SPECIAL_POST_16: "post_16",
    _K.ALTERNATIVE_PROVISION: "alternative",
    _K.CHILDRENS_HOME: "care",
    _K.FOSTERING_AGENCY: "care",
}
KINDS = {
    "school": "Special school",
    "post_16": "Special post-16 institution",
    "alternative": "Alternative provision",
    "care": "Children’s home or fostering agency",
}


def directory_map(
    numbered: Iterable[tuple[int, Establishment]], limit: Circle | None = None
) -> Map | None:
    """The placed ones of a page of the list under their numbers; None if none is placed."""
    points = tuple(pin for number, one in numbered if (pin := _pin(one, number)))
    if not points and limit is None:
        return None
    return Map(
        title="The establishments of this page of the list",
        points=points,
        outlines=outlines(),
        circle=limit,
        kinds=_kinds_of(points),
        key="directory-map",
        list_id=LIST_ID,
    )


def one_place_map(establishment: Establishment) -> Map | None:
    """One establishment and twenty miles around it."""
    here, pin = establishment.grid_point, _pin(establishment)
    if here is None or pin is None:
        return None
    return Map(
        title=f"Where {establishment.name} is",
        points=(pin,),
        outlines=outlines(),
        circle=circle_around(here, AROUND_ONE_MILES),
        key="place-map",
    )


def circle_around(origin: GridPoint, miles: int) -> Circle:
    metres = round(miles * METRES_IN_A_MILE)
    return Circle(origin.easting, origin.northing, metres, f"{miles} miles")


def outlines() -> tuple[Ring, ...]:
    """The partners' areas, all their rings together."""
    return tuple(ring for rings in region.outlines().values() for ring in rings)


def _pin(one: Establishment, number: int | None = None) -> Point | None:
    here = one.grid_point
    if here is None:
        return None
    href = reverse("providers:establishment", args=[one.pk]) if number else ""
    shape = SHAPES[Establishment.Kind(one.kind)]
    return Point(here.easting, here.northing, one.name, href, shape, number)


def _kinds_of(points: tuple[Point, ...]) -> dict[str, str]:
    """All four, so that a kind keeps its shape from page to page."""
    return dict(KINDS) if points else {}
