"""The cells of an Excel workbook that somebody sends: checked, then read in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dps.documents import read_cells as program
from dps.documents.file_checks import FileKind, check_file
from dps.documents.file_refusals import DamagedFile, TooMuchInside, WrongKindOfFile
from dps.documents.printing import ENVIRONMENT

READ_CELLS = Path(__file__).with_name("read_cells.py")
SECONDS = 15
LARGEST_ANSWER = 4 * 1024 * 1024


class CellKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    FORMULA = "formula"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """A formula is never worked out, and its text is not told."""

    kind: CellKind
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its rows from the first on; None for an empty cell."""

    name: str
    rows: tuple[tuple[Cell | None, ...], ...]


def read_workbook(name: str, content: bytes) -> tuple[Sheet, ...]:
    """
    Every sheet of an .xlsx file, as it stands in its cells.

    :raises FileRefused: it is no Excel workbook, damaged, too much, or has in it what may act.
    """
    if check_file(name, content).kind is not FileKind.XLSX:
        raise WrongKindOfFile("The file must be an Excel workbook (.xlsx)")
    try:
        done = subprocess.run(  # noqa: S603 -- our own program; its input is data
            [sys.executable, "-I", "-B", str(READ_CELLS)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_much() from None
    if done.returncode < 0 or done.returncode == program.TOO_MUCH:
        # A signal is the limit of time or memory.
        raise _too_much()
    if done.returncode != program.GOOD:
        raise DamagedFile
    if len(done.stdout) > LARGEST_ANSWER:
        raise _too_much()
    return tuple(
        Sheet(sheet["name"], tuple(tuple(_cell(cell) for cell in row) for row in sheet["rows"]))
        for sheet in json.loads(done.stdout)
    )


def _cell(read: list[str] | None) -> Cell | None:
    return Cell(CellKind(read[0]), read[1]) if read else None


def _too_much() -> TooMuchInside:
    return TooMuchInside(
        "There is more in this workbook than in ours. Download ours again and fill that in"
    )
