"""The name of a file that somebody sends, made fit to show, store and save. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 100
"""In characters, with the ending."""
MOST_BYTES_OF_NAME = 240
"""In UTF-8: most disks take 255."""
UNNAMED = "document"

_PATH = re.compile(r"[/\\\u2044\u2215\u29f5\u29f8\uff0f\uff3c]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_ENDING = re.compile(r"\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,5}$")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
"""Names that mean a device on Windows, whatever their ending."""


def clean_name(name: str, ending: str) -> str:
    """The last part of a path without what deceives or breaks, ending as its content says.

    Control characters, marks that turn the direction of writing, and characters that no disk
    takes are left out. `ending` is that of the kind found inside: ".pdf".
    """
    text = unicodedata.normalize("NFC", _PATH.split(_without_deceit(name))[-1])
    text = " ".join(_FORBIDDEN.sub(" ", text).split())
    stem = _trimmed(_ENDING.sub("", text))
    while stem.lower().endswith(ending):
        stem = _trimmed(stem[: -len(ending)])
    if _RESERVED.fullmatch(stem):
        stem = f"{stem.partition('.')[0]} file"
    return (_shortened(stem, ending) or UNNAMED) + ending


def _without_deceit(name: str) -> str:
    """Format (Cf) holds the bidi overrides and what has no width; Zl and Zp break lines."""
    return "".join(
        " " if unicodedata.category(char) in ("Zl", "Zp", "Zs") or char in "\t\r\n" else char
        for char in name
        if char in "\t\r\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _trimmed(text: str) -> str:
    return text.strip(" .")


def _shortened(stem: str, ending: str) -> str:
    stem = stem[: LONGEST_NAME - len(ending)]
    while len(stem.encode()) > MOST_BYTES_OF_NAME - len(ending):
        stem = stem[:-1]
    return _trimmed(stem)
