"""Writing down where an establishment is, and how that was found."""

from __future__ import annotations

from dps.grid import Placed
from providers.models import Establishment

PLACE = ("easting", "northing", "placed_by", "placed_edition")
"""The columns that `put` sets."""


def put(establishment: Establishment, placed: Placed | None) -> None:
    """Set its point, or none. The caller saves."""
    for name, value in zip(PLACE, as_columns(placed), strict=True):
        setattr(establishment, name, value)


def as_columns(placed: Placed | None) -> tuple[int | None, int | None, str, str]:
    """The values of `PLACE`."""
    if placed is None:
        return None, None, "", ""
    source = Establishment.PlacedBy[placed.source.name]
    return placed.point.easting, placed.point.northing, source.value, placed.edition
