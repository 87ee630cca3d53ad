"""From what is wrong now and what was found before: what there is to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from contracts.compliance.findings import Failure, Item
from contracts.compliance.insurance import Warn


@dataclass(frozen=True, slots=True)
class Found:
    """A finding that is open: its words, and whether it suspended."""

    words: str
    suspends: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What one pass changes of one establishment."""

    resolve: tuple[Item, ...] = ()
    find: tuple[Failure, ...] = ()
    lift: tuple[Item, ...] = ()
    warn: tuple[Warn, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.resolve or self.find or self.lift or self.warn)


def plan(
    failing: Iterable[Failure],
    *,
    open_findings: Mapping[Item, Found],
    suspended_by_rule: Collection[Item],
    warnings: Iterable[Warn] = (),
) -> Plan:
    """Find what is new, resolve what is over or has changed, and lift what the rule suspended.

    A finding that stands unchanged is left alone, so that an officer who lifts a suspension by
    hand is not overruled an hour later.
    """
    now = {failure.item: failure for failure in failing}
    stands = {
        item
        for item, found in open_findings.items()
        if item in now and found == Found(now[item].words, now[item].suspends)
    }
    return Plan(
        resolve=tuple(item for item in open_findings if item not in stands),
        find=tuple(failure for item, failure in now.items() if item not in stands),
        lift=tuple(item for item in suspended_by_rule if item not in now),
        warn=tuple(warnings),
    )
