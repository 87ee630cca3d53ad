"""What a spreadsheet of core costs would change, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dps.documents.workbooks import Sheet
from dps.money import show
from qualification.core_costs import CostEntry
from qualification.cost_sheets import changes
from qualification.models.rules import CostDriver
from qualification.queries.applications import Costs

CHANGE_HEAD = ("Cost", "Now", "Will be")
NOT_GIVEN = "Not given"


@dataclass(frozen=True, slots=True)
class Preview:
    """One establishment in one category: the rows that change."""

    name: str
    rows: tuple[tuple[str, str, str], ...]


def preview(contents: Costs, new: Iterable[CostEntry]) -> Preview:
    application = contents.application
    titles = {each.head.code: each.head.title for each in contents.costed}
    rows = tuple(
        (titles[each.code], _words(each.before), _words(each.after))
        for each in changes(contents.entries, new)
    )
    return Preview(f"{application.establishment.name}: {application.category.name}", rows)


def _words(entry: CostEntry | None) -> str:
    if entry is None:
        return NOT_GIVEN
    moved = f", {CostDriver(entry.driver.value).label.lower()}" if entry.driver else ""
    return f"{show(entry.amount_pence)} a {entry.basis.value}{moved}"


def not_of_this(sheet: Sheet, *, is_twice: bool) -> str:
    """Why a sheet belongs to nothing here."""
    if is_twice:
        return f"Sheet “{sheet.name}”. Row 3: another sheet has the same reference"
    return (
        f"Sheet “{sheet.name}”. Row 3: its reference is of no draft in this application."
        " Download the spreadsheet again, or take the sheet out"
    )
