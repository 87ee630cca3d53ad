"""How the plain text of the contract terms is laid out: headings, points and paragraphs."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

HEADING, POINT = "# ", "- "


class Kind(enum.StrEnum):
    HEADING = "heading"
    POINTS = "points"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, one list of points, or one paragraph of a single line."""

    kind: Kind
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Parts between empty lines; "# " begins a heading, "- " on every line makes a list."""
    return [_block(part.splitlines()) for part in re.split(r"\n\s*\n", text.strip()) if part]


def _block(lines: list[str]) -> Block:
    if len(lines) == 1 and lines[0].startswith(HEADING):
        return Block(Kind.HEADING, (lines[0].removeprefix(HEADING),))
    if all(line.startswith(POINT) for line in lines):
        return Block(Kind.POINTS, tuple(line.removeprefix(POINT) for line in lines))
    return Block(Kind.WORDS, (" ".join(lines),))
