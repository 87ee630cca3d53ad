"""A map as SVG from British National Grid metres: no tiles, no script; a list stands beside it.

Points are links, so the map works by keyboard; kinds differ in shape as well as colour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH = 640
# A map much taller than wide would push the list off the page.
TALLEST = 760
MARGIN = 24
METRES_IN_A_MILE = 1609.344
SHAPES = ("circle", "square", "diamond", "cross")

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Point:
    """A place: where, what it is called, where its link leads and of which kind it is."""

    easting: int
    northing: int
    label: str
    href: str = ""
    kind: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """A limit around a place, in metres."""

    easting: int
    northing: int
    radius: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """What a map shows. `kinds` gives each kind's words for the key, at most four."""

    title: str
    points: tuple[Point, ...] = ()
    outlines: tuple[Ring, ...] = ()
    circle: Circle | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    key: str = "map"
    list_id: str = ""

    def __post_init__(self) -> None:
        if len(self.kinds) > len(SHAPES):
            raise ValueError(f"more than {len(SHAPES)} kinds cannot be told apart")


@dataclass(frozen=True, slots=True)
class Frame:
    """Grid metres to the picture's own units: one scale for both directions."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    @classmethod
    def around(cls, places: Iterable[tuple[float, float]]) -> "Frame":
        """The frame that holds all places with a margin; alone, a place gets a mile around."""
        spots = list(places) or [(0.0, 0.0)]
        west, east = min(x for x, _ in spots), max(x for x, _ in spots)
        south, north = min(y for _, y in spots), max(y for _, y in spots)
        wide, high = (max(side, METRES_IN_A_MILE) for side in (east - west, north - south))
        scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
        # What one direction leaves over goes on both its sides.
        west -= (WIDTH / scale - (east - west)) / 2
        height = high * scale + 2 * MARGIN
        north += (height / scale - (north - south)) / 2
        return cls(west, north, scale, WIDTH, height)

    def x(self, easting: float) -> float:
        return (easting - self.west) * self.scale

    def y(self, northing: float) -> float:
        return (self.north - northing) * self.scale


def map_svg(plan: Map) -> SafeString:
    """The map with its key. Outlines are cut off at the frame of the points and the circle."""
    frame = Frame.around(_extent(plan))
    context = {
        "plan": plan,
        "width": WIDTH,
        "height": round(frame.height),
        "land": " ".join(_path(ring, frame) for ring in plan.outlines),
        "circle": _circle(plan.circle, frame),
        "pins": [_pin(point, plan, frame) for point in plan.points],
        "key": [
            {"shape": shape, "words": words}
            for shape, words in zip(SHAPES, plan.kinds.values(), strict=False)
        ],
        "scale": _scale_bar(frame),
    }
    return SafeString(render_to_string("govuk/map.html", context))


def _extent(plan: Map) -> list[tuple[float, float]]:
    places: list[tuple[float, float]] = [(p.easting, p.northing) for p in plan.points]
    if plan.circle:
        c = plan.circle
        places += [(c.easting - c.radius, c.northing - c.radius)]
        places += [(c.easting + c.radius, c.northing + c.radius)]
    return places or [place for ring in plan.outlines for place in ring]


def _path(ring: Ring, frame: Frame) -> str:
    return "M" + " ".join(f"{frame.x(e):.1f},{frame.y(n):.1f}" for e, n in ring) + "Z"


def _circle(circle: Circle | None, frame: Frame) -> dict[str, str] | None:
    if circle is None:
        return None
    return {
        "x": f"{frame.x(circle.easting):.1f}",
        "y": f"{frame.y(circle.northing):.1f}",
        "radius": f"{circle.radius * frame.scale:.1f}",
        "label": circle.label,
    }


def _pin(point: Point, plan: Map, frame: Frame) -> dict[str, object]:
    kinds = list(plan.kinds)
    shape = SHAPES[kinds.index(point.kind)] if point.kind in kinds else SHAPES[0]
    kind = plan.kinds.get(point.kind, "")
    return {
        "at": f"translate({frame.x(point.easting):.1f} {frame.y(point.northing):.1f})",
        "words": _words(point, kind),
        "href": point.href,
        "shape": shape,
        "number": point.number,
    }


def _scale_bar(frame: Frame) -> dict[str, str]:
    miles = next(
        (m for m in (20, 10, 5, 2, 1) if m * METRES_IN_A_MILE * frame.scale <= WIDTH / 3), 1
    )
    right = MARGIN / 2 + miles * METRES_IN_A_MILE * frame.scale
    words = "1 mile" if miles == 1 else f"{miles} miles"
    return {"right": f"{right:.1f}", "words": words}


def _words(point: Point, kind: str) -> str:
    """The link's name; it begins with the number that is seen."""
    name = f"{point.label}, {kind}" if kind else point.label
    return name if point.number is None else f"{point.number}: {name}"
