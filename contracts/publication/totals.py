"""
Totals of a quarter's awards by council or category, in which no cell below five shows.

Pure. Where the rows that are too small could be worked out from the total, the next smallest is
hidden too (architecture 7.20).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

LEAST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Group:
    """The awards of one name; count and pence are None where they are hidden."""

    name: str
    count: int | None
    pence: int | None

    @property
    def is_hidden(self) -> bool:
        return self.count is None


@dataclass(frozen=True, slots=True)
class Totals:
    """Groups by name, and all of them together; a total below five is hidden too."""

    groups: tuple[Group, ...]
    all: Group


def totals_by(rows: Iterable[tuple[str, int]], *, all_name: str = "All") -> Totals:
    """Count and add up (name, pence) by name (BC 5.7)."""
    values: dict[str, list[int]] = defaultdict(list)
    for name, pence in rows:
        values[name].append(pence)
    hidden = _hidden({name: len(found) for name, found in values.items()})
    groups = tuple(
        Group(name, None, None) if name in hidden else Group(name, len(found), sum(found))
        for name, found in sorted(values.items())
    )
    everything = [pence for found in values.values() for pence in found]
    is_small = 0 < len(everything) < LEAST_SHOWN
    total = Group(all_name, *((None, None) if is_small else (len(everything), sum(everything))))
    return Totals(groups, total)


def _hidden(counts: dict[str, int]) -> set[str]:
    hidden = {name for name, count in counts.items() if count < LEAST_SHOWN}
    shown = sorted(counts.keys() - hidden, key=lambda name: (counts[name], name))
    while hidden and shown and not _is_safe([counts[name] for name in hidden]):
        hidden.add(shown.pop(0))
    return hidden


def _is_safe(hidden: list[int]) -> bool:
    """Whether what is left of the total says nothing about one of them."""
    return len(hidden) > 1 and sum(hidden) >= LEAST_SHOWN
