"""
What a spreadsheet of core costs says, cell by cell; everything that is wrong is named. Pure.

A sheet is one establishment in one category: its reference in B3, the heads of the columns in row
6, then a row for each line of the schedule with one amount, for a week, a month or a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dps.documents.workbooks import Cell, CellKind, Sheet
from dps.money import AmountOutOfRange, Basis, NotAnAmount, typed_pounds
from qualification.core_costs import CostEntry, Driver

REFERENCE_ROW, HEAD_ROW = 3, 6
COLUMNS = (
    "Code",
    "Heading",
    "Cost",
    "Weekly amount",
    "Monthly amount",
    "Yearly amount",
    "What moves it",
)
CODE, COST, DRIVER = 0, 2, 6
AMOUNTS = {3: Basis.WEEK, 4: Basis.MONTH, 5: Basis.YEAR}
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the schedule that the sheet has to have."""

    code: str
    title: str
    driver: Driver


@dataclass(frozen=True, slots=True)
class SheetRead:
    """The costs of a sheet, and in words what cannot be read."""

    entries: tuple[CostEntry, ...]
    problems: tuple[str, ...]


def reference_of(sheet: Sheet) -> UUID | None:
    """Of which application a sheet is; None if it does not say."""
    cell = _at(sheet, REFERENCE_ROW, 1)
    try:
        return UUID(cell.text) if cell and cell.kind is CellKind.TEXT else None
    except ValueError:
        return None


def read_sheet(sheet: Sheet, lines: Sequence[Line]) -> SheetRead:
    """The costs of a sheet by the lines of its schedule; where something is wrong, what."""
    heads = tuple(_text(_at(sheet, HEAD_ROW, n)) for n in range(len(COLUMNS)))
    if tuple(head.lower() for head in heads) != tuple(column.lower() for column in COLUMNS):
        wanted = ", ".join(COLUMNS)
        return SheetRead((), (f"Row {HEAD_ROW}: the heads of the columns must be {wanted}",))
    known = {line.code: line for line in lines}
    entries: dict[str, CostEntry | None] = {}
    problems: list[str] = []
    for number in range(HEAD_ROW + 1, len(sheet.rows) + 1):
        cells = [_at(sheet, number, n) for n in range(len(COLUMNS))]
        if not any(cells):
            continue
        code = _text(cells[CODE])
        if code not in known:
            problems.append(_unknown(number, cells[CODE]))
        elif code in entries:
            problems.append(f"Row {number}, {COLUMNS[CODE]}: “{code}” is there twice")
        else:
            entries[code], found = _entry(known[code], number, cells)
            problems += found
    problems += [
        f"The row of “{line.title}” is missing. Put it back, or download the spreadsheet again"
        for line in lines
        if line.code not in entries
    ]
    return SheetRead(tuple(each for each in entries.values() if each), tuple(problems))


def _entry(
    line: Line, number: int, cells: Sequence[Cell | None]
) -> tuple[CostEntry | None, list[str]]:
    problems: list[str] = []
    amounts: dict[Basis, int] = {}
    for column, basis in AMOUNTS.items():
        cell = cells[column]
        if cell is None:
            continue
        amount = _amount(cell)
        if isinstance(amount, str):
            problems.append(f"Row {number}, {COLUMNS[column]}: {amount}")
        else:
            amounts[basis] = amount
    if len(amounts) > 1:
        problems.append(
            f"Row {number}: there is more than one amount. Keep the weekly, the monthly or the"
            " yearly one"
        )
    driver = _driver(cells[DRIVER], line.driver)
    if isinstance(driver, str) and not isinstance(driver, Driver):
        problems.append(f"Row {number}, {COLUMNS[DRIVER]}: {driver}")
        return None, problems
    if problems or not amounts:
        return None, problems
    ((basis, pence),) = amounts.items()
    return CostEntry(line.code, pence, basis, Driver(driver)), problems


def _amount(cell: Cell) -> int | str:
    """Pence, or what is wrong."""
    if cell.kind is CellKind.FORMULA:
        return "there is a formula. Enter the amount itself"
    shown = _shown(cell)
    if cell.kind is CellKind.OTHER:
        return f"{shown} is not an amount"
    try:
        return typed_pounds(cell.text)
    except AmountOutOfRange as refused:
        return f"{shown} is not possible. {refused.message}"
    except NotAnAmount:
        return f"{shown} is not an amount. Write it like 1234.50, in whole pence"


def _driver(cell: Cell | None, usual: Driver) -> Driver | str:
    if cell is None:
        return usual
    by_word: Mapping[str, Driver] = {each.value: each for each in Driver}
    found = by_word.get(cell.text.strip().lower()) if cell.kind is CellKind.TEXT else None
    if found is not None:
        return found
    words = ", ".join(each.value.capitalize() for each in Driver)
    return f"{_shown(cell)} is none of {words}"


def _unknown(number: int, cell: Cell | None) -> str:
    if cell is None:
        return f"Row {number}, {COLUMNS[CODE]}: it is empty, but there is something in the row"
    return f"Row {number}, {COLUMNS[CODE]}: {_shown(cell)} is no line of this schedule"


def _shown(cell: Cell) -> str:
    if cell.kind is CellKind.FORMULA:
        return "a formula"
    text = cell.text
    return f"“{text if len(text) <= LONGEST_SHOWN else f'{text[:LONGEST_SHOWN]}…'}”"


def _text(cell: Cell | None) -> str:
    return cell.text if cell and cell.kind is CellKind.TEXT else ""


def _at(sheet: Sheet, row: int, column: int) -> Cell | None:
    """Rows count from 1 as in the spreadsheet, columns from 0."""
    if row > len(sheet.rows) or column >= len(sheet.rows[row - 1]):
        return None
    return sheet.rows[row - 1][column]


@dataclass(frozen=True, slots=True)
class Change:
    """One line that would change; None for not given."""

    code: str
    before: CostEntry | None
    after: CostEntry | None


def changes(before: Iterable[CostEntry], after: Iterable[CostEntry]) -> tuple[Change, ...]:
    """The lines that differ, in the order of what is new, then what would go."""
    was = {each.code: each for each in before}
    becomes = {each.code: each for each in after}
    codes = [*becomes, *(code for code in was if code not in becomes)]
    found = (Change(code, was.get(code), becomes.get(code)) for code in codes)
    return tuple(each for each in found if each.before != each.after)
