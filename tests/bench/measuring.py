"""One line for each benchmark: what, how many, seconds, goal, and how busy the machine was."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

FULL = os.environ.get("DPS_BENCH") == "full"
TICKS = os.sysconf("SC_CLK_TCK")


def size(usual: int, full: int) -> int:
    """How many to measure with: `DPS_BENCH=full` for as many as the goal speaks of."""
    return full if FULL else usual


@contextmanager
def measured(what: str, number: int, *, goal: str, with_database: bool = True) -> Iterator[None]:
    """Time what is inside and print the line.

    Beside the seconds of the wall clock stand those in which this process and its database
    connection had a processor: they hardly change with what else the machine does.
    """
    before = _cpu(with_database=with_database)
    began = time.perf_counter()
    yield
    seconds = time.perf_counter() - began
    own, database = (
        after - first
        for after, first in zip(_cpu(with_database=with_database), before, strict=True)
    )
    say(
        f"{what:<56} {number:>9,} {seconds:>8.2f} s {number / seconds:>9,.0f}/s"
        f"  processor {own + database:>6.2f} s ({own:.2f} + {database:.2f})"
        f"  goal {goal:<14} load {os.getloadavg()[0]:.1f}"
    )


@contextmanager
def memory_watched(*, most: int) -> Iterator[None]:
    """Print by how many megabytes this process has grown."""
    before = _largest()
    yield
    say(f"    memory grew by {_largest() - before} MB, goal at most {most} MB")


def say(line: str) -> None:
    print(f"\n{line}", end="")  # noqa: T201 -- the figures are what it is for


def _cpu(*, with_database: bool) -> tuple[float, float]:
    """Seconds of processor time: of this process, and of the server process that works for it."""
    return time.process_time(), _of_the_server() if with_database else 0.0


def _of_the_server() -> float:
    """Nothing where the server runs elsewhere, or on a system without /proc."""
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / TICKS


def _largest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
