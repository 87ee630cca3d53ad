"""Places on the British National Grid: postcodes, distances in miles, ten-mile bands."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import isqrt
from pathlib import Path
from typing import Self

from dps.refusals import NotUnderstood

# Hundredths of a mile in a metre are 100 ÷ 1609.344 = 3125 ÷ 50292, exactly.
_HUNDREDTHS, _METRES = 3125, 50292

_OUTCODES = Path(__file__).resolve().parent.parent / "providers" / "data" / "outcodes.csv"

_AREA = r"[A-PR-UWYZ][A-HK-Y]?"
_OUTWARD = rf"(?:{_AREA}[0-9]{{1,2}}|{_AREA}[0-9][A-HJKMNPR-Y]|GIR)"
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(rf"({_OUTWARD})({_INWARD})")
_OUTCODE = re.compile(_OUTWARD)


class NotAPostcode(NotUnderstood):
    message = "Enter a full UK postcode, like BN11 1AA"


class CannotBePlaced(NotUnderstood):
    message = "We do not know where this postcode is. Check it, or enter another one nearby"


@dataclass(frozen=True, slots=True)
class GridPoint:
    """A point in whole metres east and north of the grid's origin."""

    easting: int
    northing: int

    def hundredths_of_a_mile_to(self, other: GridPoint) -> int:
        """Straight line, metres ÷ 1609.344, rounded half up to 2 places (scoring.md, Distance)."""
        square = (self.easting - other.easting) ** 2 + (self.northing - other.northing) ** 2
        # floor(√s x 3125 ÷ 50292 + ½) with √ taken last, so that nothing is rounded twice.
        doubled = isqrt(square * (2 * _HUNDREDTHS) ** 2)
        return (doubled + _METRES) // (2 * _METRES)

    def within(self, other: GridPoint, miles: int) -> bool:
        """Whether the rounded distance is at most that many whole miles."""
        return self.hundredths_of_a_mile_to(other) <= miles * 100


def reach(miles: int) -> int:
    """Metres inside which everything within that many miles lies: for preselection only."""
    return (2 * miles * 100 + 1) * _METRES // (2 * _HUNDREDTHS) + 1


def band(hundredths_of_a_mile: int) -> str:
    """The ten-mile band that providers see in place of a distance: 9.99 is in "0 to 10 miles"."""
    start = hundredths_of_a_mile // 1000 * 10
    return f"{start} to {start + 10} miles"


@dataclass(frozen=True, slots=True)
class Postcode:
    """A UK postcode in its usual form; ``str()`` gives "BN11 1AA"."""

    outward: str
    inward: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read a postcode in any case and spacing.

        :raises NotAPostcode: it does not have the form of a full UK postcode.
        """
        found = _POSTCODE.fullmatch(_squeezed(text))
        if found is None:
            raise NotAPostcode
        return cls(found[1], found[2])

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}"


def outcode_of(text: str) -> str | None:
    """The outward code of a full postcode, or of an outward code alone; None if it is neither."""
    squeezed = _squeezed(text)
    if found := _POSTCODE.fullmatch(squeezed):
        return found[1]
    return squeezed if _OUTCODE.fullmatch(squeezed) else None


def _squeezed(text: str) -> str:
    # Only ASCII may be turned to capitals: a dotless i would become the letter I.
    squeezed = "".join(text.split())
    return squeezed.upper() if squeezed.isascii() else ""


class Source(StrEnum):
    """How a point was found; kept with it, since it says how far the point may be trusted."""

    REGISTER = "register"
    POSTCODE_TABLE = "postcode table"
    OUTWARD_CODE = "outward code"


@dataclass(frozen=True, slots=True)
class Placed:
    """A point, how it was found, and the edition of the register or table (empty if unknown)."""

    point: GridPoint
    source: Source
    edition: str = ""


def place(postcode: str, *, register: Placed | None = None, table: Placed | None = None) -> Placed:
    """
    The best point known: the register's, else the postcode table's, else the outward code's.

    :raises CannotBePlaced: there is none of the three.
    """
    if known := register or table:
        return known
    outcode = outcode_of(postcode)
    point = outcode_point(outcode) if outcode else None
    if point is None:
        raise CannotBePlaced
    return Placed(point, Source.OUTWARD_CODE)


def outcode_point(outcode: str) -> GridPoint | None:
    """The centre of an outward code such as "BN11"; None if the shipped list lacks it."""
    return _outcode_points().get(outcode)


@cache
def _outcode_points() -> dict[str, GridPoint]:
    with _OUTCODES.open(encoding="ascii", newline="") as lines:
        return {
            row["outcode"]: GridPoint(int(row["easting"]), int(row["northing"]))
            for row in csv.DictReader(lines)
        }
