"""
Reading the register of schools: `edubasealldata*.csv` of Get Information About Schools (GIAS).

Pure: bytes in, schools out. The file is windows-1252 with about 130 columns in an order that
changes; this reads those it needs by their names. A fault of the file refuses the whole of it; a
fault of one row is listed, and the others are read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dps.grid import NotAPostcode, Postcode
from dps.refusals import NotUnderstood
from providers import needs

ENCODING = "cp1252"
UNREADABLE = "\ufffd"

URN, NAME, KIND, STATUS = (
    "URN",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)",
)
POSTCODE, LOW_AGE, HIGH_AGE, OPENED = "Postcode", "StatutoryLowAge", "StatutoryHighAge", "OpenDate"
EASTING, NORTHING = "Easting", "Northing"
REQUIRED = (URN, NAME, KIND, STATUS, POSTCODE, "LA (name)", LOW_AGE, HIGH_AGE, "Street", "Town")

TEXTS: dict[str, tuple[str, int]] = {
    "UKPRN": ("ukprn", 10),
    "Street": ("street", 120),
    "Locality": ("locality", 120),
    "Town": ("town", 80),
    "County (name)": ("county", 80),
    "LA (name)": ("la_name", 60),
    "GOR (name)": ("region_name", 60),
    "TelephoneNum": ("phone", 30),
    "SchoolWebsite": ("website", 200),
    "Gender (name)": ("gender", 20),
    "Boarders (name)": ("boarders", 60),
}
"""Column, then the fact it gives and its longest length."""

LONGEST_NAME = 160
OLDEST = 120
EASTMOST, NORTHMOST = 700_000, 1_300_000
NEED_COLUMNS = tuple(f"SEN{number} (name)" for number in range(1, 14))

KINDS = {
    "Other independent special school": "independent_special",
    "Non-maintained special school": "non_maintained_special",
    "Special post 16 institution": "special_post_16",
    "Academy alternative provision converter": "alternative_provision",
    "Academy alternative provision sponsor led": "alternative_provision",
    "Free schools alternative provision": "alternative_provision",
}
"""The types that may join, and our kind of each."""

STATE_FUNDED = "alternative_provision"
IS_OPEN = {"Open": True, "Open, but proposed to close": True, "Closed": False}
"""The other status, "Proposed to open", is of no school yet."""


class BrokenFile(NotUnderstood):
    """The file as a whole cannot be used; says at which line, and in which column if it is one."""

    def __init__(self, reason: str, *, line: int, column: str = "") -> None:
        self.reason, self.line, self.column = reason, line, column
        where = f"Line {line}, column “{column}”" if column else f"Line {line}"
        super().__init__(f"{where}: {reason}. Nothing has been changed")


class _Unusable(Exception):
    """One row cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class School:
    """What the register says of one school, of the columns that the file has."""

    line: int
    urn: str
    facts: Mapping[str, object]
    easting: int | None
    northing: int | None


@dataclass(frozen=True, slots=True)
class RowError:
    line: int
    urn: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`read` counts every row: those of `schools`, `skipped` and `errors` together."""

    read: int
    schools: tuple[School, ...]
    skipped: int
    errors: tuple[RowError, ...]


def read(content: bytes) -> Reading:
    """Read the register's download.

    :raises BrokenFile: wrong encoding, not CSV, a column is missing or twice, or a ragged line.
    """
    schools: dict[str, School] = {}
    errors: list[RowError] = []
    rows = skipped = 0
    for line, row in _rows(content):
        rows += 1
        if row is None:
            skipped += 1
            continue
        try:
            school = _school(line, row)
            if school.urn in schools:
                first = schools[school.urn].line
                raise _Unusable(f"URN {school.urn} stands on line {first} already")
            schools[school.urn] = school
        except _Unusable as unusable:
            errors.append(RowError(line, row[URN][:10], str(unusable)))
    return Reading(rows, tuple(schools.values()), skipped, tuple(errors))


def edition_of(file_name: str) -> str:
    """The date in the name of the download, "edubasealldata20261102.csv"; empty if it has none."""
    found = re.search(r"(20\d{2})(\d{2})(\d{2})", file_name)
    return f"GIAS {found[1]}-{found[2]}-{found[3]}" if found else "GIAS"


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Each row with its line number: its needed columns, or None if it is of no school of ours."""
    text = _decoded(content)
    is_readable = UNREADABLE not in text
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in _next(reader, 1) or []]
    places = _columns(header)
    kind, status = places[KIND], places[STATUS]
    while True:
        line = reader.line_num + 1
        cells = _next(reader, line)
        if cells is None:
            return
        if not cells:
            continue  # an empty line, such as the last
        if len(cells) != len(header):
            raise _ragged(cells, header, line)
        if not is_readable:
            _refuse_unreadable(cells, places, line)
        # Most rows are of no school of ours: nothing else of them is looked at.
        if _clean(cells[kind]) in KINDS and _clean(cells[status]) in IS_OPEN:
            yield line, {name: _clean(cells[at]) for name, at in places.items()}
        else:
            yield line, None


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        raise BrokenFile("this is not a CSV file of text", line=line)
    if not content.isascii() and _is_utf8(content):
        before = next(at for at, byte in enumerate(content) if byte > 127)
        raise BrokenFile(
            "the file is in UTF-8, and the register's download is in windows-1252. Use the"
            " file as it was downloaded",
            line=content[:before].count(b"\n") + 1,
            column=_column_at(content, before),
        )
    return content.decode(ENCODING, errors="replace")


def _is_utf8(content: bytes) -> bool:
    """Text in windows-1252 with a letter beyond ASCII is never valid UTF-8 but by rare accident."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _column_at(content: bytes, at: int) -> str:
    """The name of the column in which a byte stands; empty if it is in the header."""
    lines = content.splitlines() or [b""]
    start = content.rfind(b"\n", 0, at) + 1
    if start == 0:
        return ""
    header = next(csv.reader([lines[0].decode("utf-8")]), [])
    number = len(next(csv.reader([content[start:at].decode("utf-8")]), [])) - 1
    return header[number] if 0 <= number < len(header) else ""


def _next(reader: Iterator[list[str]], line: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise BrokenFile(f"this is not CSV ({error})", line=line) from error


def _columns(header: list[str]) -> dict[str, int]:
    """Where each column that is needed stands."""
    wanted = {*REQUIRED, *TEXTS, OPENED, EASTING, NORTHING, *NEED_COLUMNS}
    places: dict[str, int] = {}
    for at, name in enumerate(header):
        if name in wanted and name in places:
            raise BrokenFile("there are two columns of this name", line=1, column=name)
        if name in wanted:
            places[name] = at
    for name in REQUIRED:
        if name not in places:
            raise BrokenFile("this column is missing", line=1, column=name)
    return places


def _ragged(cells: list[str], header: list[str], line: int) -> BrokenFile:
    last = min(len(cells), len(header)) - 1
    return BrokenFile(
        f"the line has {len(cells)} columns, and the first line has {len(header)}",
        line=line,
        column=header[last],
    )


def _refuse_unreadable(cells: list[str], places: dict[str, int], line: int) -> None:
    for column, at in places.items():
        if UNREADABLE in cells[at]:
            raise BrokenFile(
                "a character is not in windows-1252, the register's encoding",
                line=line,
                column=column,
            )


def _clean(cell: str) -> str:
    return " ".join(cell.split())


def _school(line: int, row: dict[str, str]) -> School:
    kind = KINDS[row[KIND]]
    facts: dict[str, object] = {
        "name": _text(row, NAME, LONGEST_NAME, required=True),
        "kind": kind,
        "is_open": IS_OPEN[row[STATUS]],
        "is_procured": kind != STATE_FUNDED,
        "postcode": _postcode(row[POSTCODE]),
        **_ages(row),
    }
    for column, (fact, longest) in TEXTS.items():
        if column in row:
            facts[fact] = _text(row, column, longest)
    if OPENED in row:
        facts["opened_on"] = _date(row[OPENED])
    found = [needs.code_of(row[column]) for column in NEED_COLUMNS if column in row]
    if any(column in row for column in NEED_COLUMNS):
        facts["needs"] = list(dict.fromkeys(code for code in found if code))
    easting, northing = _point(row)
    return School(line, _urn(row[URN]), facts, easting, northing)


def _urn(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5,7}", text):
        raise _Unusable(f"“{text[:20]}” is not a URN, which is a number of 5 to 7 figures")
    return text


def _text(row: dict[str, str], column: str, longest: int, *, required: bool = False) -> str:
    text = row[column]
    if required and not text:
        raise _Unusable(f"{column} is empty")
    if len(text) > longest:
        raise _Unusable(f"{column} is longer than {longest} characters")
    if not text.isprintable():
        raise _Unusable(f"{column} has a character that cannot be printed")
    return text


def _postcode(text: str) -> str:
    if not text:
        return ""
    try:
        return str(Postcode.parse(text))
    except NotAPostcode:
        raise _Unusable(f"“{text[:20]}” is not a UK postcode") from None


def _ages(row: dict[str, str]) -> dict[str, int | None]:
    low, high = (_number(row[column], column, OLDEST) for column in (LOW_AGE, HIGH_AGE))
    if low is not None and high is not None and low > high:
        raise _Unusable(f"{LOW_AGE} {low} is above {HIGH_AGE} {high}")
    return {"low_age": low, "high_age": high}


def _number(text: str, column: str, most: int) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > most:
        raise _Unusable(f"{column} “{text[:20]}” is not a number from 0 to {most}")
    return int(text)


def _date(text: str) -> date | None:
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{4})", text)
    try:
        if found is None:
            raise ValueError
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        raise _Unusable(f"{OPENED} “{text[:20]}” is not a date like 01-09-2024") from None


def _point(row: dict[str, str]) -> tuple[int | None, int | None]:
    """The grid reference; the register writes 0 or nothing where it has none."""
    easting = _number(row.get(EASTING, ""), EASTING, EASTMOST)
    northing = _number(row.get(NORTHING, ""), NORTHING, NORTHMOST)
    return (easting, northing) if easting and northing else (None, None)
