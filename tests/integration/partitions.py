"""Whether what a page asks of the database touches one partition of each table."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from dps.tenancy.identity import current

_READS = re.compile(r"\s*(?:SELECT|WITH|UPDATE|DELETE|INSERT)\b", re.IGNORECASE)
_PARTITION = re.compile(r"(.+)_a(\d+)")
# Asked through no table of ours, or of the planner itself.
_NOT_PLANNED = re.compile(r"set_config|pg_advisory|^\s*EXPLAIN", re.IGNORECASE)


@dataclass
class Seen:
    """Statements in order, each with the partitions that its plan touches, by parent table."""

    statements: list[str] = field(default_factory=list)
    plans: list[dict[str, set[str]]] = field(default_factory=list)

    @property
    def too_wide(self) -> list[tuple[str, dict[str, set[str]]]]:
        """Those that touch more than one partition of a table."""
        pairs = zip(self.statements, self.plans, strict=True)
        return [
            (sql, plan)
            for sql, plan in pairs
            if any(len(partitions) > 1 for partitions in plan.values())
        ]

    @property
    def touched(self) -> set[str]:
        return {table for plan in self.plans for table in plan}


@contextmanager
def explained() -> Iterator[Seen]:
    """
    Explain every statement as it is asked, by the same actor, just before it runs.

    Read `too_wide` afterwards: it is empty if each statement touched one partition of a table.
    """
    seen = Seen()

    def explain(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        text = sql if isinstance(sql, str) else str(sql)
        if current.get() is not None and _is_planned(text) and not many:
            with connection.cursor() as cursor:
                # The cursor below this wrapper, so that it does not explain itself.
                cursor.cursor.execute(f"EXPLAIN (FORMAT JSON) {text}", params)
                plan = cursor.cursor.fetchone()[0]
            seen.statements.append(text)
            seen.plans.append(_partitions(plan if isinstance(plan, list) else json.loads(plan)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield seen


def assert_one_partition_each(seen: Seen) -> None:
    """Fail with the statements that reach into several authorities."""
    assert seen.statements, "nothing was asked as an actor"
    words = [f"{sorted(map(sorted, plan.values()))}: {sql[:400]}" for sql, plan in seen.too_wide]
    assert not words, "\n".join(words)


def _is_planned(sql: str) -> bool:
    return bool(_READS.match(sql)) and not _NOT_PLANNED.search(sql)


def _partitions(plans: list[dict[str, Any]]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    waiting = [one["Plan"] for one in plans]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.get("Plans", []))
        name = _PARTITION.fullmatch(node.get("Relation Name", ""))
        if name:
            found[name[1]].add(name[0])
    return dict(found)
