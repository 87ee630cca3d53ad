"""Core costs as an Excel workbook: a sheet for each establishment in each category."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from dps.money import Basis
from qualification.core_costs import Driver
from qualification.cost_sheets import AMOUNTS, COLUMNS, DRIVER, HEAD_ROW, REFERENCE_ROW
from qualification.queries.applications import Costed, Costs

LONGEST_NAME = 31
"""What Excel allows for the name of a sheet."""
ADVICE = (
    "Enter one amount in each row: for a week, a month or a year; 0 where there is no cost."
    " Leave column A and the reference as they are."
)
WIDTHS = (24, 34, 46, 16, 16, 16, 16)
MONEY = "£#,##0.00"
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_ACTS = ("=", "+", "-", "@", "\t", "\r")
_TO_FILL = PatternFill("solid", start_color="FFF4D9")
_BOLD = Font(bold=True)


def workbook(all_of: Iterable[Costs]) -> bytes:
    """The file; what is in its cells is what is saved, and never a formula."""
    book = Workbook()
    book.remove(book.active)
    taken: set[str] = set()
    for contents in all_of:
        sheet = book.create_sheet(_name(contents, taken))
        _fill(sheet, contents)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, contents: Costs) -> None:
    application = contents.application
    _write(sheet, 1, 1, "Establishment")
    _write(sheet, 1, 2, application.establishment.name)
    _write(sheet, 2, 1, "Category")
    _write(sheet, 2, 2, application.category.name)
    _write(sheet, REFERENCE_ROW, 1, "Reference")
    _write(sheet, REFERENCE_ROW, 2, str(application.pk))
    _write(sheet, 4, 1, ADVICE)
    for number, words in enumerate(COLUMNS, 1):
        _write(sheet, HEAD_ROW, number, words)
        sheet.cell(HEAD_ROW, number).font = _BOLD
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS[number - 1]
    for number, costed in enumerate(contents.costed, HEAD_ROW + 1):
        _line(sheet, number, costed)
    sheet.freeze_panes = f"D{HEAD_ROW + 1}"
    _choose_drivers(sheet, HEAD_ROW + len(contents.costed))


def _line(sheet: Any, row: int, costed: Costed) -> None:
    head, line = costed.head, costed.line
    _write(sheet, row, 1, head.code)
    _write(sheet, row, 2, head.schedule)
    _write(sheet, row, 3, f"{head.title} (optional)" if head.is_optional else head.title)
    for column, basis in AMOUNTS.items():
        cell = sheet.cell(row, column + 1)
        cell.number_format, cell.fill = MONEY, _TO_FILL
        if line is not None and Basis(line.basis) is basis:
            cell.value = Decimal(line.amount_pence) / 100
    driver = Driver(line.driver if line else head.driver)
    _write(sheet, row, DRIVER + 1, driver.value.capitalize())
    sheet.cell(row, DRIVER + 1).fill = _TO_FILL


def _choose_drivers(sheet: Any, last: int) -> None:
    words = ",".join(each.value.capitalize() for each in Driver)
    choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    column = get_column_letter(DRIVER + 1)
    choice.add(f"{column}{HEAD_ROW + 1}:{column}{max(last, HEAD_ROW + 1)}")
    sheet.add_data_validation(choice)


def _write(sheet: Any, row: int, column: int, words: str) -> None:
    """Words stay words, whatever they begin with."""
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)
    cell.data_type = "s"
    if words.startswith(_ACTS):
        cell.quotePrefix = True


def _name(contents: Costs, taken: set[str]) -> str:
    """The establishment's name as far as a sheet may have it, and different from the others."""
    application = contents.application
    words = f"{application.establishment.name} {application.category.name}"
    plain = ILLEGAL_CHARACTERS_RE.sub("", _NOT_IN_A_NAME.sub(" ", words)).strip(" '")
    name, number = plain[:LONGEST_NAME].strip(" '") or "Costs", 1
    while name.lower() in taken:
        number += 1
        ending = f" {number}"
        name = plain[: LONGEST_NAME - len(ending)].strip(" '") + ending
    taken.add(name.lower())
    return name
