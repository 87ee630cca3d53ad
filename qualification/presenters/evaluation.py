"""A joining as the team works on it: its applications, evaluators and statements, in rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from dps.govuk.charts import Chart, bar_chart
from dps.govuk.templatetags.govuk import day
from qualification.grades import DESCRIPTORS
from qualification.models import Application, Evaluator
from qualification.presenters.applying import COLOURS
from qualification.presenters.deciding import review_page, worry_words
from qualification.queries.evaluation import Statement
from qualification.queries.joining_work import StatementLine, clear_of
from qualification.states import WITH_THE_TEAM, WORDS, ApplicationState

STATEMENTS_HEAD = ("Statement", "For", "Grades", "Agreed")
GRADES_HEAD = ("Who", {"text": "Grade", "numeric": True}, "Reason")


def application_row(application: Application, worries: Sequence[str]) -> dict[str, Any]:
    """One line of the joining's list, with a box to tick while it is with the team."""
    state = ApplicationState(application.state)
    clear, asked = clear_of(application)
    return {
        "id": str(application.id),
        "name": application.establishment.name,
        "category": application.category.name,
        "href": review_page(application),
        "checks_href": reverse("qualification:checks", args=[application.pk]),
        "stage": WORDS[state],
        "colour": COLOURS[state],
        "clear": f"{clear} of {asked} clear" if asked else "Nothing to check",
        "worries": worry_words(worries),
        "may_tick": state in WITH_THE_TEAM,
    }


def evaluator_rows(found: Iterable[Evaluator]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "name": one.person.name,
            "declared": _declared(one),
            "grades": _progress(one),
            "asked": f"{day(one.asked_at)} by {one.asked_by.name}",
            "may_release": one.released_at is None
            and (one.declared_at is None or bool(one.missing)),  # type: ignore[attr-defined]
        }
        for one in found
    ]


def _declared(one: Evaluator) -> str:
    if one.declared_at is None:
        return "Not declared yet"
    return f"Yes: {one.conflict}" if one.has_conflict else "None"


def _progress(one: Evaluator) -> str:
    if one.released_at is not None:
        return f"Taken off on {day(one.released_at)}"
    missing: int = one.missing  # type: ignore[attr-defined]
    return f"{missing} to hand in" if missing else "Handed in"


def statement_rows(found: Iterable[StatementLine], *, may_agree: bool) -> list[list[Any]]:
    """Each statement, who it is for, how far its grades are, and the agreed grade."""
    return [
        [
            {"text": one.question.title, "href": statement_page(one) if may_agree else ""},
            one.place,
            _grades_words(one),
            _agreed_words(one.agreed_grade),
        ]
        for one in found
    ]


def _agreed_words(grade: int | None) -> str:
    return "" if grade is None else f"{grade}: {DESCRIPTORS[grade].name}"


def _grades_words(one: StatementLine) -> Any:
    if one.is_for_panel:
        return "The young people’s panel grades it"
    if one.agreed_grade is None and not one.are_in:
        return "Not all in"
    if one.agreed_grade is None:
        return {"text": "All in: agree them", "colour": "orange"}
    return f"{one.spread} apart" if one.spread else "All the same"


def statement_page(one: StatementLine) -> str:
    name = "panel" if one.is_for_panel else "agree"
    return reverse(f"qualification:{name}", args=[one.answer.id])


def grade_rows(one: Statement) -> list[list[Any]]:
    return [
        [
            grade.graded_by.name,
            {"text": str(grade.grade), "numeric": True},
            grade.reason,
        ]
        for grade in one.grades
    ]


def grade_chart(one: Statement) -> Chart:
    """A bar for each evaluator, so that a spread is seen at once."""
    rows = [(grade.graded_by.name, grade.grade or 0) for grade in one.grades]
    return bar_chart("Grades side by side", "Grade of 5", rows, key="grades", head="Who")


def topics(text: str) -> list[str]:
    """The topics of the model answer, one a line."""
    return [line.strip(" -•") for line in text.splitlines() if line.strip()]


def in_names(applications: Iterable[Application], most: int = 12) -> list[str]:
    """The establishments that a statement is for, by name."""
    names = list(dict.fromkeys(one.establishment.name for one in applications))
    return names if len(names) <= most else [*names[:most], f"and {len(names) - most} more"]
