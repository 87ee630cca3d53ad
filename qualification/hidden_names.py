"""Words that would give away who asked."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 4
"""Letters from which on a name counts; a shorter one is part of too many words."""


def names_in(words: str, names: Iterable[str]) -> list[str]:
    """Which of these names stand in the words, whole and in any letter case, each once."""
    plain = _plain(words)
    found = {
        name
        for name in names
        if len(name.strip()) >= SHORTEST
        and re.search(rf"(?<!\w){re.escape(_plain(name))}(?!\w)", plain)
    }
    return sorted(found)


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("’", "'").split())
