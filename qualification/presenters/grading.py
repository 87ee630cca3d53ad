"""How far one evaluator is, in words and rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from dps.govuk.templatetags.govuk import day
from dps.waiting import Section, Waiting
from qualification.models import Evaluator, Grade
from qualification.queries.evaluation import Statement, own_grades, to_grade_by, waiting_answers

LIST_HEAD = ("Provider", "Your part", "Asked")
MOST = 10


@dataclass(frozen=True)
class Progress:
    """The statements of a joining, as one evaluator has graded them."""

    statements: tuple[Statement, ...]
    mine: Mapping[UUID, Grade]

    def own(self, one: Statement) -> Grade | None:
        return self.mine.get(one.answer.id)

    def may_change(self, one: Statement) -> bool:
        own = self.own(one)
        return not one.are_in and not (own and own.handed_in_at)

    def is_graded(self, one: Statement) -> bool:
        own = self.own(one)
        return own is not None and own.grade is not None and bool(own.reason)

    @property
    def to_do(self) -> tuple[Statement, ...]:
        return tuple(
            one for one in self.statements if self.may_change(one) and not self.is_graded(one)
        )

    @property
    def may_hand_in(self) -> bool:
        return not self.to_do and any(self.may_change(one) for one in self.statements)

    @property
    def is_handed_in(self) -> bool:
        return bool(self.statements) and not any(self.may_change(one) for one in self.statements)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        return [self._task(one) for one in self.statements]

    def _task(self, one: Statement) -> dict[str, Any]:
        own = self.own(one)
        ids = [one.answer.joining_id, one.answer.id]
        task = {
            "text": one.question.title,
            "hint": one.place,
            "href": reverse("qualification:grade_statement", args=ids),
        }
        if own and own.handed_in_at:
            return task | {"status": f"Grade {own.grade}, handed in"}
        if one.are_in:
            return task | {"status": "Graded without you"}
        if self.is_graded(one) and own:
            return task | {"status": f"Grade {own.grade}"}
        if own:
            return task | {"status": "Part done", "colour": "light-blue"}
        return task | {"status": "To grade", "colour": "blue"}


def progress_of(found: Iterable[Statement], person_id: UUID) -> Progress:
    statements = tuple(found)
    mine = own_grades([one.answer.id for one in statements], person_id)
    return Progress(statements, mine)


def list_rows(mine: Iterable[Evaluator], person_id: UUID) -> list[list[Any]]:
    rows = list(mine)
    left = left_of(rows, person_id)
    return [
        [
            {
                "text": one.joining.provider.name,
                "href": reverse("qualification:grading_one", args=[one.joining_id]),
            },
            part_of(one, left.get(one.joining_id, 0)),
            day(one.asked_at),
        ]
        for one in rows
    ]


def left_of(mine: Iterable[Evaluator], person_id: UUID) -> dict[UUID, int]:
    """By joining, how many statements a person has still to grade and hand in: two queries."""
    waiting = waiting_answers([one.joining_id for one in mine if one.declared_at])
    own = own_grades([each for those in waiting.values() for each in those], person_id)
    final = {key for key, row in own.items() if row.handed_in_at}
    return {joining_id: len(answers - final) for joining_id, answers in waiting.items()}


def part_of(one: Evaluator, left: int) -> str:
    if one.declared_at is None:
        return "Say whether you have a conflict of interest"
    if left:
        return f"{left} statement{'' if left == 1 else 's'} to grade and hand in"
    return "There is nothing for you to do now"


def to_grade(person_id: UUID) -> Section | None:
    """What waits for an evaluator on the start page; nobody who was not asked sees it."""
    mine = list(to_grade_by(person_id))
    if not mine:
        return None
    left = left_of(mine, person_id)
    items = [
        Waiting(
            one.joining.provider.name,
            reverse("qualification:grading_one", args=[one.joining_id]),
            part_of(one, left.get(one.joining_id, 0)),
        )
        for one in mine
        if one.declared_at is None or left.get(one.joining_id)
    ]
    return Section(
        heading="Applications to grade",
        items=tuple(items[:MOST]),
        empty="You have graded everything that you were asked to grade.",
        more_text="All that you are asked to grade",
        more_href=reverse("qualification:grading"),
    )
