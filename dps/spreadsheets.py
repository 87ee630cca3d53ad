"""Cells of files that people open in a spreadsheet: none of them acts as a formula."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A spreadsheet takes a cell that begins like this for a formula; an apostrophe prevents it."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
