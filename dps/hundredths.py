"""Numbers with two decimals, kept as whole hundredths: pence, points, miles, per cent."""

from __future__ import annotations

import re
from decimal import Decimal

from dps.refusals import NotUnderstood

_NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]{1,2}))?")


class NotANumber(NotUnderstood):
    message = "Enter a number with at most 2 decimal places, like 12.50"


def hundredths(text: str) -> int:
    """
    Read "12.5" as 1250: ASCII digits and at most 2 decimals, no sign, no exponent, no spaces.

    :raises NotANumber: the text is anything else.
    """
    number = _NUMBER.fullmatch(text)
    if number is None:
        raise NotANumber
    # Through Decimal, because int() refuses a text of more than 4,300 digits with a ValueError.
    return int(Decimal(number[1])) * 100 + int((number[2] or "").ljust(2, "0"))


def show_hundredths(number: int) -> str:
    """Write 1250 as "12.50", and -5 as "-0.05"."""
    sign = "-" if number < 0 else ""
    return f"{sign}{abs(number) // 100}.{abs(number) % 100:02d}"


def half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to a non-negative fraction; exactly half goes up."""
    return (2 * numerator + denominator) // (2 * denominator)
