"""One protection, what it holds, and how it is taken away."""

from __future__ import annotations

from dataclasses import dataclass

from tests.off_switches.kinds import InDatabase, InProcess


@dataclass(frozen=True)
class Switch:
    name: str
    holds: str
    protection: InProcess | InDatabase
