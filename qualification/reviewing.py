"""
When a score is reviewed, what may become of it, and from when it counts (Q14). Pure.

Scores and weights are whole hundredths of a point, grades whole numbers 0 to 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from dps.clock import from_london
from dps.refusals import NotUnderstood
from dps.working_days import add_working_days
from qualification.grades import GRADES
from qualification.scoring import Graded, months_after, statement_score

EVERY = (6, 12)
"""Months between two reviews (BC 7.12)."""
SHORTEST_REPLY, LONGEST_REPLY = 5, 30
_DAY = timedelta(days=1)


class NotAGradeOfIt(NotUnderstood):
    message = "The grade must be a whole number from 0 to 5"


class NotInBetween(NotUnderstood):
    message = (
        "Choose grades from the present one to the proposed one, and at least one that is neither"
        " all as now nor all as proposed"
    )


@dataclass(frozen=True, slots=True)
class Every:
    """Each score is reviewed after so many months; the provider has so many working days."""

    months: int = 12
    reply_days: int = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a review: its weight, its grade before and as proposed or decided."""

    code: str
    title: str
    weight: int
    before: int
    after: int
    reason: str = ""

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def between(self) -> tuple[int, ...]:
        """Every grade from the one before to the one after, both included, upwards."""
        return tuple(range(min(self.before, self.after), max(self.before, self.after) + 1))

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "weight": self.weight,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
        }


def lines_of(stored: Iterable[Mapping[str, Any]] | None) -> tuple[Line, ...]:
    """Read what `as_json` wrote."""
    return tuple(Line(**each) for each in stored or ())


def due_on(looked_at: date, months: int) -> date:
    """The day on which the next review is due; a day that the month lacks is its last."""
    return months_after(looked_at, months)


def reply_until(proposed_on: date, working_days: int) -> date:
    """The last day for a reply: so many working days of England after that of the proposal."""
    return add_working_days(proposed_on, working_days)


def earliest_effect(reply_by: date, last_version_from: date | None = None) -> date:
    """The first day from which a reviewed score may count.

    After the time for the reply, and after the day from which the last version counts.
    """
    days = [reply_by, *([last_version_from] if last_version_from else [])]
    return max(days) + _DAY


def counts_from(effective_from: date, decided_at: datetime) -> datetime:
    """The moment from which a decided score counts: midnight of the day, never before the decision.

    So a referral whose deadline has passed keeps the score that it had (BC 7.10).
    """
    return max(from_london(effective_from, time(0)), decided_at)


def is_open_for_reply(reply_by: date, today: date) -> bool:
    """The last day counts."""
    return today <= reply_by


def score_of(lines: Iterable[Line]) -> int:
    """The score of the grades after, 0-100 in hundredths, half up once (BC 7.10).

    :raises CannotBeScored: the weights do not add up to 100, or a grade is not 0 to 5.
    """
    return statement_score(Graded(each.code, each.weight, each.after) for each in lines)


def proposed(lines: Sequence[Line], grades: Mapping[str, tuple[int, str]]) -> tuple[Line, ...]:
    """The lines with what is proposed for each code: its grade, and why where it changes.

    :raises NotAGradeOfIt: a statement has no grade 0 to 5, or changes without a reason.
    """
    found = []
    for each in lines:
        grade, reason = grades.get(each.code, (each.before, ""))
        if grade not in GRADES:
            raise NotAGradeOfIt(field=f"grade_{each.code}")
        reason = reason.strip()
        if grade != each.before and not reason:
            words = f"Enter why the grade of “{each.title}” changes"
            raise NotAGradeOfIt(words, field=f"reason_{each.code}")
        found.append(replace(each, after=grade, reason=reason))
    return tuple(found)


def kept(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Every grade as it was."""
    return tuple(replace(each, after=each.before) for each in lines)


def has_room(lines: Iterable[Line]) -> bool:
    """Whether something lies between the present grades and the proposed ones."""
    steps = sum(len(each.between) - 1 for each in lines)
    return steps > 1


def in_between(lines: Sequence[Line], chosen: Mapping[str, int]) -> tuple[Line, ...]:
    """The lines with the grades chosen, each from the one before to the one proposed.

    :raises NotInBetween: one lies outside, or all are as before, or all as proposed.
    """
    found = []
    for each in lines:
        grade = chosen.get(each.code, each.before)
        if grade not in each.between:
            raise NotInBetween(field=f"between_{each.code}")
        found.append(replace(each, after=grade))
    decided = tuple(found)
    if decided in (tuple(lines), kept(lines)):
        raise NotInBetween(field="outcome")
    return decided
