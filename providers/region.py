"""The partners' areas: their names as the register of schools writes them, and their outlines."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

OUTLINE = Path(__file__).resolve().parent / "data" / "region-outline.json"

Ring = tuple[tuple[int, int], ...]


@cache
def outlines() -> dict[str, tuple[Ring, ...]]:
    """Each area's rings in metres of the National Grid; approximate, for the map alone."""
    areas = json.loads(OUTLINE.read_text(encoding="utf-8"))["authorities"]
    return {
        area["name"]: tuple(tuple((e, n) for e, n in ring) for ring in area["rings"])
        for area in areas
    }


def areas() -> tuple[str, ...]:
    return tuple(outlines())
