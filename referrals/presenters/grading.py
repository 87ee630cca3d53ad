"""Grading in words: how far one evaluator is, and all grades side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from referrals.models import GradeSheet, GradingPaper, OutcomeGrade, Referral
from referrals.services.grading import FEWEST_EVALUATORS

WAITING_HEAD = ("Referral", "Category", {"text": "Statements", "numeric": True}, "Your part")
TASKS = ("Not started", "Part done", "Graded")


def waiting_rows(referrals: Iterable[Any]) -> list[list[Any]]:
    """Rows of the list: reference, category, papers, how far the evaluator is."""
    return [
        [
            {"text": row.reference, "href": reverse("referrals:grading", args=[row.id])},
            row.category.name,
            {"text": str(row.papers), "numeric": True},
            {"text": _stage(row), "colour": ""},
        ]
        for row in referrals
    ]


def _stage(row: Any) -> str:
    if row.grades_in_at is not None:
        return "All grades are in: agree them" if row.handed_in else "Grading is over"
    if row.handed_in:
        return "You have handed in. Waiting for the others"
    return "You have begun" if row.began else "Not started"


@dataclass(frozen=True, slots=True)
class Progress:
    """What one evaluator sees of a referral."""

    tasks: tuple[dict[str, Any], ...]
    began: bool
    handed_in: bool
    is_complete: bool
    is_over: bool
    graded: int
    handed_in_by: int
    began_by: int
    still_needed: int


def progress_of(
    referral: Referral,
    papers: Sequence[GradingPaper],
    asked: Mapping[str, str],
    mine: Sequence[OutcomeGrade],
    *rest: Any,
) -> Progress:
    """`rest`: everybody's sheets, and the person whose page it is."""
    sheets, person_id = rest
    own = next((sheet for sheet in sheets if sheet.evaluator_id == person_id), None)
    counts = {paper.id: sum(row.bid_id == paper.bid_id for row in mine) for paper in papers}
    done = sum(count >= len(asked) for count in counts.values())
    handed_in = own is not None and own.handed_in_at is not None
    is_over = referral.grades_in_at is not None
    may_grade = own is not None and not handed_in and not is_over
    finished = sum(sheet.handed_in_at is not None for sheet in sheets)
    return Progress(
        tasks=tuple(
            _task(referral, p, counts[p.id], len(asked), may_grade=may_grade) for p in papers
        ),
        began=own is not None,
        handed_in=handed_in,
        is_complete=done == len(papers),
        is_over=is_over,
        graded=done,
        handed_in_by=finished,
        began_by=len(sheets),
        still_needed=max(0, FEWEST_EVALUATORS - len(sheets)),
    )


def _task(
    referral: Referral, paper: GradingPaper, count: int, of: int, *, may_grade: bool
) -> dict[str, Any]:
    status = TASKS[0 if not count else 2 if count >= of else 1]
    href = reverse("referrals:grading_paper", args=[referral.id, paper.bid_id]) if may_grade else ""
    colour = "blue" if status == TASKS[1] else ""
    return {"text": paper.label, "href": href, "status": status, "colour": colour}


def compared(
    papers: Sequence[GradingPaper],
    asked: Mapping[str, str],
    grades: Mapping[tuple[UUID, str, UUID], int],
    sheets: Sequence[GradeSheet],
    agreed: Mapping[tuple[UUID, str], int],
) -> list[tuple[GradingPaper, tuple[tuple[Any, ...], ...]]]:
    """For each paper: outcome, each evaluator's grade, whether they differ, the agreed grade."""
    tables = []
    for paper in papers:
        rows = []
        for key, text in asked.items():
            given = [grades.get((paper.bid_id, key, sheet.evaluator_id)) for sheet in sheets]
            spread = len(set(given)) > 1
            settled = agreed.get((paper.bid_id, key))
            rows.append(
                (
                    text,
                    *({"text": "" if one is None else str(one), "numeric": True} for one in given),
                    "They differ" if spread else "The same",
                    {"text": "" if settled is None else str(settled), "numeric": True},
                )
            )
        tables.append((paper, tuple(rows)))
    return tables


def compared_head(sheets: Sequence[GradeSheet]) -> list[Any]:
    names = [{"text": sheet.evaluator.name, "numeric": True} for sheet in sheets]
    return ["Outcome", *names, "Compared", {"text": "Agreed", "numeric": True}]
