"""What a bidder is told of the result, in words made from the scores alone (A2, BC 3.14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dps.hundredths import show_hundredths

TITLES: Mapping[str, str] = {
    "price": "Price",
    "outcomes": "Outcomes",
    "needs": "Needs",
    "features": "Features",
    "location": "Distance from home",
    "core_competency": "Core competency",
    "incentive": "Early step-down",
}
"""Criterion to what people read, in the order of every table."""

_BETTER: Mapping[str, str] = {
    "price": "a lower annual price",
    "outcomes": "a method statement that the evaluators graded higher",
    "needs": "more of the needs met, by their marks",
    "features": "more of the features met, by their marks",
    "location": "an establishment nearer to the home",
    "core_competency": "a higher qualification score at the deadline",
    "incentive": "an offer on early step-down that was graded higher",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion in a letter: hundredths of a point; `own` is None for a bid left out."""

    key: str
    title: str
    weight: int
    own: int | None
    winner: int

    def as_json(self) -> dict[str, object]:
        return {
            "key": self.key,
            "title": self.title,
            "weight": self.weight,
            "own": self.own,
            "winner": self.winner,
        }


def lines_of(
    weights: Mapping[str, int], own: Mapping[str, int], winner: Mapping[str, int]
) -> tuple[Line, ...]:
    """A line for each criterion that has weight."""
    return tuple(
        Line(key, title, weights[key], own.get(key), winner[key])
        for key, title in TITLES.items()
        if weights[key]
    )


def advantages(lines: tuple[Line, ...]) -> tuple[str, ...]:
    """Where the successful bid scored more than this one, and what that means."""
    return tuple(
        f"{line.title}: {show_hundredths(line.winner)} points against your"
        f" {show_hundredths(line.own)}, for {_BETTER[line.key]}."
        for line in lines
        if line.own is not None and line.winner > line.own
    )


def own_advantages(lines: tuple[Line, ...]) -> tuple[str, ...]:
    """Where this bid scored more than the successful one."""
    return tuple(
        f"{line.title}: your {show_hundredths(line.own)} points against"
        f" {show_hundredths(line.winner)}, for {_BETTER[line.key]}."
        for line in lines
        if line.own is not None and line.own > line.winner
    )


def characteristics(*, needs: tuple[int, int], features: tuple[int, int]) -> tuple[str, ...]:
    """What the successful bid offers: how many of the needs and of the features it meets."""
    met = ((needs, "need"), (features, "feature"))
    return tuple(
        f"It meets {part} of the {whole} {noun}{'' if whole == 1 else 's'} listed."
        for (part, whole), noun in met
        if whole
    )
