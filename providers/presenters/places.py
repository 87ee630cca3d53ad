"""The directory's map: the region's outline, numbered pins as in the list, and a limit in miles."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.urls import reverse

from dps.govuk.map import METRES_IN_A_MILE, Circle, Map, Point, Ring
from dps.grid import GridPoint
from providers.models import Establishment

OUTLINE = Path(__file__).resolve().parent.parent / "data" / "region-outline.json"
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
    points = tuple(_pin(one, number) for number, one in numbered if one.easting is not None)
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
    if establishment.easting is None:
        return None
    here = GridPoint(establishment.easting, establishment.northing)
    return Map(
        title=f"Where {establishment.name} is",
        points=(_pin(establishment),),
        outlines=outlines(),
        circle=circle_around(here, AROUND_ONE_MILES),
        key="place-map",
    )


def circle_around(origin: GridPoint, miles: int) -> Circle:
    metres = round(miles * METRES_IN_A_MILE)
    return Circle(origin.easting, origin.northing, metres, f"{miles} miles")


@cache
def outlines() -> tuple[Ring, ...]:
    """The partners' areas, in metres of the National Grid; approximate."""
    areas = json.loads(OUTLINE.read_text(encoding="utf-8"))["authorities"]
    return tuple(tuple((e, n) for e, n in ring) for area in areas for ring in area["rings"])


def _pin(one: Establishment, number: int | None = None) -> Point:
    href = reverse("providers:establishment", args=[one.pk]) if number else ""
    return Point(one.easting, one.northing, one.name, href, SHAPES[one.kind], number)


def _kinds_of(points: tuple[Point, ...]) -> dict[str, str]:
    """All four, so that a kind keeps its shape from page to page."""
    return dict(KINDS) if points else {}
