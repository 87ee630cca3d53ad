"""A bidder's letter as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dps.hundredths import show_hundredths

HEADINGS = {
    "won": "Your bid was successful",
    "lost": "Your bid was not successful",
    "set_aside": "Your bid was set aside",
}


def heading_of(content: Mapping[str, Any]) -> str:
    return HEADINGS[content["outcome"]]


def scores_head(content: Mapping[str, Any]) -> list[Any]:
    columns = ["Out of", "Your bid"]
    if content["outcome"] != "won":
        columns.append("The successful bid")
    return ["Criterion", *({"text": text, "numeric": True} for text in columns)]


def scores_rows(content: Mapping[str, Any]) -> list[list[str]]:
    """Own and winner's points by criterion, and the totals."""
    lines = [
        (line["title"], line["weight"], line["own"], line["winner"]) for line in content["lines"]
    ]
    lines.append(("Total", 100_00, content["own_total"], content["winner_total"]))
    width = 3 if content["outcome"] == "won" else 4
    return [[title, *map(_points, numbers)][:width] for title, *numbers in lines]


def _points(number: int | None) -> str:
    return "Not scored" if number is None else show_hundredths(number)
