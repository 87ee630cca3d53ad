"""Money: whole pence inside, pounds only where a person types or reads them."""

from __future__ import annotations

import re
from enum import StrEnum

from dps.hundredths import NotANumber, hundredths, show_hundredths
from dps.refusals import NotUnderstood

MOST_PENCE = 9_999_999_99
MOST_WEEKS = 53

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?")


class NotAnAmount(NotUnderstood):
    message = "Enter an amount in pounds and pence, like 1234.50"


class AmountOutOfRange(NotUnderstood):
    message = "Enter a smaller or a larger amount"


class Basis(StrEnum):
    """What an amount is charged for."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def pounds(text: str, *, least: int = 0, most: int = MOST_PENCE) -> int:
    """
    Read pounds such as "1234.5" as pence, strictly: ASCII digits, at most 2 decimals.

    ``least`` and ``most`` are pence, both allowed.

    :raises NotAnAmount: the text is not written so.
    :raises AmountOutOfRange: the amount is below ``least`` or above ``most``.
    """
    try:
        pence = hundredths(text)
    except NotANumber:
        raise NotAnAmount from None
    if pence < least:
        raise AmountOutOfRange(f"The amount must be {show(least)} or more")
    if pence > most:
        raise AmountOutOfRange(f"The amount must be {show(most)} or less")
    return pence


def typed_pounds(text: str, *, least: int = 0, most: int = MOST_PENCE) -> int:
    """
    Read pounds as people type them, "£1,234.50" too, as pence.

    :raises NotAnAmount: it is not an amount, or a comma does not part thousands.
    :raises AmountOutOfRange: the amount is below ``least`` or above ``most``.
    """
    bare = text.strip().removeprefix("£").lstrip()
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    return pounds(bare, least=least, most=most)


def show(pence: int, *, whole: bool = False) -> str:
    """
    Write pence as "£1,234.50".

    ``whole`` leaves the pence off where there are none: "£1,234"; nothing is ever rounded.
    """
    sign = "-" if pence < 0 else ""
    text = f"{sign}£{abs(pence) // 100:,}"
    return text if whole and pence % 100 == 0 else f"{text}.{abs(pence) % 100:02d}"


def in_pounds(pence: int) -> str:
    """Write pence as "1234.50", for files and for form fields."""
    return show_hundredths(pence)


def annual(pence: int, basis: Basis, weeks: int) -> int:
    """
    Pence a year: a week's amount x weeks a year, a month's x 12, a year's x 1 (BC 8.5).

    :raises ValueError: weeks is not 1 to 53.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise ValueError(f"a year has 1 to {MOST_WEEKS} weeks of placement, not {weeks}")
    return pence * {Basis.WEEK: weeks, Basis.MONTH: 12, Basis.YEAR: 1}[basis]
