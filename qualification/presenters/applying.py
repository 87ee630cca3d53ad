"""The provider's pages: the list, the task list, the summary, in words and rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from dps.govuk.templatetags.govuk import day, pounds
from dps.money import Basis
from providers.models import Evidence
from providers.presenters.establishment import EVIDENCE_HEAD, evidence_rows, inspection_rows
from providers.queries.evidence import latest
from qualification.core_costs import Totals
from qualification.deciding_time import DECIDED_WITHIN, decision_due
from qualification.models import Application
from qualification.queries.applications import Answered, Contents, Costed
from qualification.states import WORDS, ApplicationState

_S = ApplicationState
MINE_HEAD = ("Establishment", "State", "Category", "What happens next")
COLOURS = {
    _S.DRAFT: "blue",
    _S.SUBMITTED: "yellow",
    _S.QUALIFIED: "green",
    _S.REJECTED: "red",
    _S.WITHDRAWN: "grey",
}
INSPECTION_HEAD = ("Date", "Inspector", "Judged", "Result")
EVIDENCE_OF = {
    "insurances": (Evidence.Kind.PUBLIC_LIABILITY, Evidence.Kind.EMPLOYERS_LIABILITY),
    "safeguarding": (Evidence.Kind.SAFEGUARDING,),
}
"""By a criterion's code: the certificates that are shown beside the question."""
SHOWS_INSPECTIONS = "inspection"
DONE = {"status": "Completed"}
TO_DO = {"status": "Incomplete", "colour": "blue"}


def mine_row(application: Application) -> list[dict[str, Any]]:
    href = reverse("qualification:application", args=[application.pk])
    state = _S(application.state)
    return [
        {"text": application.establishment.name, "href": href},
        {"text": WORDS[state], "colour": COLOURS[state]},
        {"text": application.category.name},
        {"text": next_step(application)},
    ]


def next_step(application: Application) -> str:
    match _S(application.state):
        case _S.DRAFT:
            return "Complete it and send it"
        case _S.SUBMITTED if application.submitted_at:
            return f"We decide by {show_date(decision_due(application.submitted_at))}"
        case _S.QUALIFIED:
            return "Councils can invite it. Read the outcome letter"
        case _S.REJECTED:
            return "Read what to put right, and apply again"
    return "You can start again at any time"


def tasks(contents: Contents, *, may_send: bool) -> dict[str, list[dict[str, Any]]]:
    """The task list in its four parts."""
    return {
        "questions": [_task(contents, each) for each in contents.questions],
        "statements": [_task(contents, each) for each in contents.statements],
        "costs": [_costs_task(contents)],
        "sending": [_sending_task(contents, may_send=may_send)],
    }


def progress(contents: Contents) -> str:
    parts = len(contents.answered) + 1
    done = parts - len(contents.missing)
    return f"You have completed {done} of {parts} parts."


def _task(contents: Contents, each: Answered) -> dict[str, Any]:
    task = {"text": each.criterion.title, "href": answer_page(contents, each)}
    if each.is_statement:
        weight, limit = each.criterion.weight, each.criterion.word_limit
        task["hint"] = f"Up to {limit} words. {weight} of the 100 points"
    return task | _status(each)


def _status(each: Answered) -> dict[str, str]:
    if each.passes is False:
        return {"status": "Does not pass", "colour": "red"}
    if each.is_too_long:
        return {"status": "Too long", "colour": "red"}
    return DONE if each.is_complete else TO_DO


def _costs_task(contents: Contents) -> dict[str, Any]:
    href = reverse("qualification:core_costs", args=[contents.application.pk])
    hint = "What a place costs before anything is added for one child"
    status = DONE if contents.costs_are_complete else TO_DO
    return {"text": "Core costs", "href": href, "hint": hint} | status


def _sending_task(contents: Contents, *, may_send: bool) -> dict[str, Any]:
    task: dict[str, Any] = {"text": "Check your answers and send"}
    if contents.missing:
        return task | {"status": "Cannot start yet"}
    if not may_send:
        task["hint"] = "An administrator of your organisation sends it. You can check it"
    return task | {"href": _page("check", contents)} | TO_DO


def answer_page(contents: Contents, each: Answered) -> str:
    ids = [contents.application.pk, each.criterion.pk]
    return reverse("qualification:answer", args=ids)


def page_after(contents: Contents, each: Answered) -> str:
    """The next part of the task list: question by question, then costs, then the list itself."""
    place = contents.answered.index(each) + 1
    if place < len(contents.answered):
        return answer_page(contents, contents.answered[place])
    return _page("core_costs", contents)


def _page(name: str, contents: Contents) -> str:
    return reverse(f"qualification:{name}", args=[contents.application.pk])


def question_rows(contents: Contents, *, may_change: bool) -> list[dict[str, Any]]:
    return [
        _row(each.criterion.title, yes_or_no(each), contents, each, may_change=may_change)
        for each in contents.questions
    ]


def statement_rows(contents: Contents, *, may_change: bool) -> list[dict[str, Any]]:
    return [
        _row(each.criterion.title, each.text, contents, each, may_change=may_change)
        for each in contents.statements
    ]


def _row(
    key: str, value: str, contents: Contents, each: Answered, *, may_change: bool
) -> dict[str, Any]:
    row = {"key": key, "value": value}
    if may_change:
        row["href"] = answer_page(contents, each) + "?then=check"
    return row


def yes_or_no(each: Answered) -> str:
    if each.passes is None:
        return ""
    return "Yes" if each.passes else "No. With this answer it cannot qualify yet"


COST_HEAD = ("Cost", {"text": "Amount", "numeric": True}, "For each")


def cost_rows(costed: Iterable[Costed]) -> list[list[Any]]:
    return [
        [
            each.head.title,
            pounds(each.line.amount_pence) if each.line else "Not given",
            Basis(each.line.basis).value.capitalize() if each.line else "",
        ]
        for each in costed
    ]


def totals_words(totals: Totals) -> dict[str, Any]:
    return {
        "year": pounds(totals.year_pence),
        "week": pounds(totals.week_pence),
        "weeks": totals.weeks,
    }


def held(each: Answered, application: Application, today: date) -> dict[str, Any]:
    """The evidence that is held already and bears on a question, as tables; empty for others."""
    code = each.criterion.code
    place = application.establishment
    if code == SHOWS_INSPECTIONS:
        rows = inspection_rows(list(place.inspections.all())[:3])
        return {"inspection_head": INSPECTION_HEAD, "inspections": rows}
    kinds = EVIDENCE_OF.get(code, ())
    if not kinds:
        return {}
    by_kind = latest(place.pk)
    found = [by_kind[kind] for kind in kinds if kind in by_kind]
    lacking = [str(kind.label) for kind in kinds if kind not in by_kind]
    return {
        "evidence_head": EVIDENCE_HEAD,
        "evidence": evidence_rows(found, today),
        "lacking": lacking,
        "is_yours": place.provider_id == application.provider_id,
    }


def status_words(application: Application) -> dict[str, Any]:
    """What the page of an application that has been sent says of it."""
    state = _S(application.state)
    due = show_date(decision_due(application.submitted_at)) if application.submitted_at else ""
    return {
        "state": WORDS[state],
        "colour": COLOURS[state],
        "is_waiting": state is _S.SUBMITTED,
        "is_decided": state in (_S.QUALIFIED, _S.REJECTED),
        "is_qualified": state is _S.QUALIFIED,
        "may_start_again": state in (_S.REJECTED, _S.WITHDRAWN),
        "due": due,
        "sent": day(application.submitted_at),
        "working_days": DECIDED_WITHIN,
    }
