"""What no longer passes of one establishment on a day, and how to put it right (BC 7.21)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from contracts.compliance.insurance import Certificate, Wanted, how_to_put_right, lapses
from dps.clock import show_date
from qualification.inspections import UnknownScheme, judge
from qualification.scoring import NoRuleInForce, PassRule

MOST_AREAS = 3


class Item(StrEnum):
    """What the audit looks at; a suspension's cause has the same name."""

    INSURANCE = "insurance"
    INSPECTION = "inspection"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Inspected:
    """An inspection on record, in the words of its own scheme."""

    scale: str
    result: str
    inspected_on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one establishment; the latest inspection, if there was one yet."""

    is_open: bool
    certificates: tuple[Certificate, ...] = ()
    inspection: Inspected | None = None
    insurance: Wanted = field(default_factory=dict)
    """What the rules ask under which it is on the lists; the most where it is on several."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What is wrong, what puts it right, and whether it suspends or an officer looks at it."""

    item: Item
    words: str
    remedy: str
    suspends: bool = True

    @property
    def reason(self) -> str:
        return f"{self.words} {self.remedy}"


def failures(facts: Facts, on: date, rules: Collection[PassRule]) -> tuple[Failure, ...]:
    """Everything that does not pass on a day, at most one of each item.

    `rules` say what passes an inspection, each from a day on.

    An establishment that was never inspected passes, as it did when it qualified (BC 7.4).
    """
    return (*_insurance(facts, on), *_inspection(facts, on, rules), *_registration(facts))


def _insurance(facts: Facts, on: date) -> Iterator[Failure]:
    lapsed = lapses(facts.certificates, facts.insurance, on)
    if lapsed:
        yield Failure(
            Item.INSURANCE,
            " ".join(each.words for each in lapsed),
            f"{how_to_put_right(lapsed)} The suspension is lifted within the hour after that.",
        )


def _inspection(facts: Facts, on: date, rules: Collection[PassRule]) -> Iterator[Failure]:
    found = facts.inspection
    if found is None:
        return
    day = show_date(found.inspected_on)
    try:
        verdict = judge(found.scale, found.result, found.inspected_on, on=on, rules=rules)
    except (UnknownScheme, NoRuleInForce):
        words = f"No rule says whether its latest inspection, on {day}, passes."
        remedy = "The contract team looks at it."
        yield Failure(Item.INSPECTION, words, remedy, suspends=False)
        return
    if not verdict.passed:
        yield Failure(
            Item.INSPECTION,
            f"Its latest inspection, on {day}, does not pass: {_short(verdict.failures)}.",
            "The suspension is lifted within the hour after a later inspection that passes is on"
            " record. Send the contract team the inspector’s report when you have it.",
        )


def _registration(facts: Facts) -> Iterator[Failure]:
    if not facts.is_open:
        yield Failure(
            Item.REGISTRATION,
            "The register says that it is closed.",
            "If it is open, ask the register’s owner to correct the entry. The suspension is"
            " lifted after the next register import that shows it as open.",
        )


def _short(reasons: tuple[str, ...]) -> str:
    said = "; ".join(reason[:1].lower() + reason[1:] for reason in reasons[:MOST_AREAS])
    left = len(reasons) - MOST_AREAS
    return f"{said}; and {left} more" if left > 0 else said
