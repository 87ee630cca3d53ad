"""Where an establishment is: by the register's grid reference, else by half of its postcode."""

from __future__ import annotations

from dps import grid
from dps.grid import CannotBePlaced, GridPoint, Placed, Source


def place(
    postcode: str, easting: int | None, northing: int | None, *, edition: str = ""
) -> Placed | None:
    """The best point known, in metres of the National Grid, and how it was found; None if none is.

    `edition` names the edition of the register that gave the grid reference.
    """
    register = None
    if easting is not None and northing is not None:
        register = Placed(GridPoint(easting, northing), Source.REGISTER, edition)
    try:
        return grid.place(postcode, register=register)
    except CannotBePlaced:
        return None
