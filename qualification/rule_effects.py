"""
What a new inspection rule would change for those on a list. Pure (rules.md 4, BC 7.4).

Each result is judged by its own scheme's rule, the one in force and the new one, on the same day;
results of other schemes are not touched by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from qualification.scoring import InspectionResult, NoRuleInForce, PassRule, Verdict, passes


@dataclass(frozen=True, slots=True)
class Held:
    """An establishment on a list, with its latest inspection on record."""

    establishment_id: UUID
    name: str
    area: str
    result: InspectionResult
    words: str
    """The result as it was recorded."""


@dataclass(frozen=True, slots=True)
class Turned:
    """One that a new rule judges otherwise, and why it fails, before or after."""

    held: Held
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """Who would newly fail, who would newly pass, and how many were judged."""

    newly_fail: tuple[Turned, ...]
    newly_pass: tuple[Turned, ...]
    judged: int

    def by_area(self) -> list[tuple[str, int, int]]:
        """Each council's area with how many newly fail and newly pass in it, by name."""
        areas = sorted({each.held.area for each in (*self.newly_fail, *self.newly_pass)})
        return [
            (
                area,
                sum(each.held.area == area for each in self.newly_fail),
                sum(each.held.area == area for each in self.newly_pass),
            )
            for area in areas
        ]


def effect(new: PassRule, held: Iterable[Held], rules: Iterable[PassRule]) -> RuleEffect:
    """Judge everybody of the rule's own scheme on its first day, by the rules before and by it."""
    on, known = new.in_force_from, tuple(rules)
    mine = [each for each in held if each.result.scale is new.scale]
    fail, succeed = [], []
    for each in mine:
        before, after = _judged(each, known, on), _judged(each, (new,), on)
        if before.passed and not after.passed:
            fail.append(Turned(each, after.failures))
        elif after.passed and not before.passed:
            succeed.append(Turned(each, before.failures))
    return RuleEffect(tuple(fail), tuple(succeed), len(mine))


def _judged(held: Held, rules: tuple[PassRule, ...], on: date) -> Verdict:
    try:
        return passes(held.result.scale, held.result, rules, on)
    except NoRuleInForce:
        return Verdict(("no rule is in force",))
