"""The contract terms that come with the system: what a region starts from, and may change."""

from __future__ import annotations

from pathlib import Path

TITLE = "Terms for providers"
FILE = Path(__file__).with_name("shipped_terms.txt")


def first_text() -> str:
    """The text of version 1, as it is published and hashed."""
    return FILE.read_text(encoding="utf-8").strip()
