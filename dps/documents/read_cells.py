"""
An Excel workbook on standard input comes out as JSON: a program of its own, run in isolation.

    read_cells.py

The answer is a list of sheets, each a name and rows of cells: null, or a kind (text, number,
formula, other) and the text. Nothing is worked out. The exit status is the verdict. It imports
nothing of this project, reads no file, opens no connection, and limits itself before it looks at
its input, because strangers wrote it.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any

GOOD, DAMAGED, TOO_MUCH = 0, 10, 15
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, MOST_TEXT = 130, 200, 12, 300
SECONDS_OF_CPU = 10
BYTES_OF_MEMORY = 768 * 1024**2
EXACT_DIGITS = ".15g"
"""What a spreadsheet itself keeps of a number: beyond it stands only noise of the binary form."""


class TooMuch(Exception):
    """More sheets, rows or columns than any of ours has."""


def limit_this_process() -> None:
    """Give up before the parent has to lose patience."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS_OF_CPU),
        (resource.RLIMIT_AS, BYTES_OF_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        within = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (within, within))


def sheets(content: bytes) -> list[dict[str, Any]]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- after the limits are set

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    if len(book.worksheets) > MOST_SHEETS:
        raise TooMuch
    return [{"name": sheet.title[:MOST_TEXT], "rows": _rows(sheet)} for sheet in book.worksheets]


def _rows(sheet: Any) -> list[list[list[str] | None]]:
    # The size that a sheet declares is its own affair: a wrong one would hide rows.
    sheet.reset_dimensions()
    found = []
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1):
        cells = [_cell(cell) for cell in row]
        if any(cells[MOST_COLUMNS:]):
            raise TooMuch
        found.append(cells[:MOST_COLUMNS])
    while found and not any(found[-1]):
        found.pop()
    if len(found) > MOST_ROWS:
        raise TooMuch
    return found


def _cell(cell: Any) -> list[str] | None:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type == "f":
        return ["formula", ""]
    if isinstance(value, str) and cell.data_type != "e":
        return ["text", value.strip()[:MOST_TEXT]]
    if isinstance(value, int) and not isinstance(value, bool):
        return ["number", str(value)[:MOST_TEXT]]
    if isinstance(value, float):
        return ["number", format(value, EXACT_DIGITS)]
    return ["other", str(value)[:MOST_TEXT]]


def main() -> int:
    limit_this_process()
    content = sys.stdin.buffer.read()
    try:
        json.dump(sheets(content), sys.stdout)
    except (TooMuch, MemoryError):
        return TOO_MUCH
    except Exception:
        return DAMAGED
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
