"""Short marks of what a page was opened with, to notice that somebody else has changed it since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from qualification.core_costs import CostEntry
from qualification.discounts import Step

_LENGTH = 16


def of_text(text: str) -> str:
    return _mark(text)


def of_costs(entries: Iterable[CostEntry]) -> str:
    """The same for the same lines in any order."""
    lines = sorted(
        f"{each.code}\x1f{each.amount_pence}\x1f{each.basis}\x1f{each.driver or ''}"
        for each in entries
    )
    return _mark("\x1e".join(lines))


def of_discounts(steps: Iterable[Step]) -> str:
    lines = sorted(f"{each.kind}\x1f{each.from_children}\x1f{each.percent}" for each in steps)
    return _mark("\x1e".join(lines))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
