"""The provider's pages: the list, the task list, the summary, in words and rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from dps.govuk.templatetags.govuk import day, pounds
from dps.money import Basis
from qualification.core_costs import Totals
from qualification.deciding_time import DECIDED_WITHIN, decision_due
from qualification.models import Application, PointToClear, Question
from qualification.queries.applications import Answered, Contents, Costed
from qualification.states import WITH_THE_TEAM, WORDS, ApplicationState

_S = ApplicationState
COLOURS = {
    _S.DRAFT: "blue",
    _S.SUBMITTED: "yellow",
    _S.EVALUATION: "yellow",
    _S.MODERATED: "yellow",
    _S.QUALIFIED: "green",
    _S.REJECTED: "red",
    _S.WITHDRAWN: "grey",
}


DOING = {
    _S.SUBMITTED: "We check stage 1 and the evidence",
    _S.EVALUATION: "Two people grade the statements",
    _S.MODERATED: "The grades are agreed",
}


def next_step(application: Application) -> str:
    match _S(application.state):
        case _S.DRAFT:
            return "Complete it and send it"
        case state if state in WITH_THE_TEAM and application.submitted_at:
            due = show_date(decision_due(application.submitted_at))
            return f"{DOING[state]}. We decide by {due}"
        case _S.QUALIFIED:
            return "Councils can invite it. Read the outcome letter"
        case _S.REJECTED:
            return "Read why, and put it right at any time"
    return "You can start again at any time"


def question_rows(contents: Contents) -> list[dict[str, Any]]:
    return [
        {"key": each.criterion.title, "value": _said(each) + _kept(each)}
        for each in contents.questions
    ]


def statement_rows(contents: Contents) -> list[dict[str, Any]]:
    return [
        {"key": each.criterion.title, "value": each.text + _kept(each)}
        for each in contents.statements
    ]


def _said(each: Answered) -> str:
    if each.criterion.kind == Question.Kind.EXCLUSIONS:
        return each.text
    return f"{yes_or_no(each)}\n{each.text}".strip()


def _kept(each: Answered) -> str:
    return "\n(Kept from before)" if each.is_kept else ""


def yes_or_no(each: Answered) -> str:
    if each.passes is None:
        return ""
    if each.passes or each.is_shown_only:
        return "Yes" if each.passes else "No"
    return "No. With this answer it cannot qualify yet"


COST_HEAD = ("Cost", {"text": "Amount", "numeric": True}, "For each", "What moves it")


def cost_rows(costed: Iterable[Costed]) -> list[list[Any]]:
    return [
        [
            each.head.title,
            pounds(each.line.amount_pence) if each.line else "Not given",
            Basis(each.line.basis).value.capitalize() if each.line else "",
            each.line.get_driver_display() if each.line else "",
        ]
        for each in costed
    ]


def totals_words(totals: Totals) -> dict[str, Any]:
    return {
        "year": pounds(totals.year_pence),
        "week": pounds(totals.week_pence),
        "weeks": totals.weeks,
    }


def status_words(application: Application) -> dict[str, Any]:
    """What the page of an application that has been sent says of it."""
    state = _S(application.state)
    due = show_date(decision_due(application.submitted_at)) if application.submitted_at else ""
    return {
        "state": WORDS[state],
        "colour": COLOURS[state],
        "doing": DOING.get(state, ""),
        "is_waiting": state in WITH_THE_TEAM,
        "is_decided": state in (_S.QUALIFIED, _S.REJECTED),
        "is_qualified": state is _S.QUALIFIED,
        "may_start_again": state is _S.WITHDRAWN,
        "may_put_right": state is _S.REJECTED,
        "due": due,
        "sent": day(application.submitted_at),
        "working_days": DECIDED_WITHIN,
    }


POINTS_HEAD = ("Question", "About", "State")


def point(asked: PointToClear, today: date) -> dict[str, Any]:
    """A question of the contract team as the provider reads it."""
    late = not asked.replied_at and asked.reply_by < today
    return {
        "text": asked.text,
        "asked_on": day(asked.asked_at),
        "reply_by": show_date(asked.reply_by),
        "is_late": late,
        "reply": asked.reply,
        "replied_on": day(asked.replied_at),
        "href": reverse("qualification:point", args=[asked.pk]),
    }


def point_row(asked: PointToClear, today: date) -> list[dict[str, Any]]:
    told = point(asked, today)
    state: dict[str, Any] = {"text": f"Reply by {told['reply_by']}", "colour": "yellow"}
    if asked.replied_at:
        state = {"text": f"You replied on {told['replied_on']}"}
    elif told["is_late"]:
        state = {"text": f"Late: was due on {told['reply_by']}", "colour": "red"}
    one = asked.application
    return [
        {"text": asked.text, "href": told["href"]},
        {"text": f"{one.establishment.name}: {one.category.name}"},
        state,
    ]
