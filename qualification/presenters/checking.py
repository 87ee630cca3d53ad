"""What the contract team checks a provider's answers against: the register and the inspections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dps.clock import show_date
from providers.models import Establishment, Inspection
from providers.presenters.establishment import about, provenance
from qualification.inspections import UnknownScheme, judge
from qualification.scoring import NoRuleInForce


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the latest inspection passes by the rule in force, and why not."""

    words: str
    colour: str
    explained: str
    reasons: tuple[str, ...] = ()
    contradicts: bool = False
    """The provider has answered otherwise."""


def register_rows(place: Establishment) -> list[dict[str, Any]]:
    """Whether it is open, what it is, and where we know that from."""
    is_open = {"key": "Open", "value": "Yes" if place.is_open else "No: the register has closed it"}
    rows = [is_open, *about(place), *provenance(place)]
    return [row for row in rows if row["value"]]


def judged(place: Establishment, *, answered: bool | None, on: date) -> Judged:
    """The latest inspection on record, judged on a day (Q2, BC 7.4), beside what was answered."""
    inspections = place.inspections.all()
    latest = max(inspections, key=lambda one: (one.inspected_on, one.recorded_at), default=None)
    if latest is None:
        return Judged(
            "Not inspected yet",
            "grey",
            "We know of no inspection, so there is no result to judge. It can qualify without.",
        )
    return _judged(latest, answered=answered, on=on)


def _judged(latest: Inspection, *, answered: bool | None, on: date) -> Judged:
    inspected = f"The inspection of {show_date(latest.inspected_on)}"
    try:
        verdict = judge(latest.scale, latest.result, latest.inspected_on, on=on)
    except (UnknownScheme, NoRuleInForce):
        explained = f"{inspected} is of a kind for which no rule is in force. Read the report."
        return Judged("No rule for it", "yellow", explained)
    contradicts = answered is not None and answered != verdict.passed
    if verdict.passed:
        explained = f"{inspected} passes by the rule in force today."
        return Judged("It passes", "green", explained, contradicts=contradicts)
    explained = f"{inspected} does not pass by the rule in force today:"
    return Judged("It does not pass", "red", explained, verdict.failures, contradicts)
