"""
What a suspended establishment is asked again, and when its suspension is lifted. Pure.

Only what failed is asked (Q12, Q15, BC 7.21): the statements and their score are kept, and a score
is changed by a review alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

COSTS = "costs"
STATEMENT, SHOWN = "statement", "shown"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the rules under which the establishment qualified."""

    code: str
    kind: str
    wants: frozenset[str] = frozenset()
    """Kinds of evidence."""

    @property
    def passes_or_fails(self) -> bool:
        return self.kind not in (STATEMENT, SHOWN)


def asked_again(
    cause: str, failed: Collection[str], questions: Iterable[Asked], insurances: Collection[str]
) -> tuple[str, ...]:
    """The codes to be put right in one category, sorted; none if nothing of it failed there.

    What was named when it was suspended, else what the cause says. A cause that says nothing asks
    for everything that passes or fails.
    """
    asked = [each for each in questions if each.passes_or_fails]
    if failed:
        codes = {each.code for each in asked} | {COSTS}
        return tuple(sorted(codes & set(failed)))
    if cause == "insurance":
        return _codes(each for each in asked if each.wants & set(insurances))
    if cause in ("inspection", "registration"):
        return _codes(each for each in asked if each.kind == cause)
    return _codes(asked)


def _codes(questions: Iterable[Asked]) -> tuple[str, ...]:
    return tuple(sorted(each.code for each in questions))


def is_put_right(concerned: Collection[object], succeeded: Collection[object]) -> bool:
    """Whether each category concerned has succeeded: one that failed or was taken back has not."""
    return bool(concerned) and set(concerned) <= set(succeeded)
