"""The central team's pages: the queue and one application, in words and rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from dps.govuk.templatetags.govuk import day
from providers.models import Claim
from qualification.deciding_time import decision_due, working_days_left
from qualification.grades import DESCRIPTORS
from qualification.models import Application
from qualification.presenters.applying import COLOURS, SHOWS_INSPECTIONS, held, yes_or_no
from qualification.presenters.checking import Judged, judged
from qualification.queries.applications import Answered, Contents
from qualification.states import WORDS, ApplicationState

QUEUE_HEAD = ("Establishment", "Time left", "Category", "Provider", "Sent", "Decide by")
DECIDED_HEAD = ("Establishment", "Outcome", "Category", "Provider", "Decided")
SOON = 3
"""Working days from which on an application is marked."""


def queue_row(application: Application, today: date) -> list[dict[str, Any]]:
    due = due_on(application)
    return [
        {"text": application.establishment.name, "href": review_page(application)},
        time_left(due, today),
        {"text": application.category.name},
        {"text": application.provider.name},
        {"text": day(application.submitted_at)},
        {"text": show_date(due)},
    ]


def decided_row(application: Application) -> list[dict[str, Any]]:
    state = ApplicationState(application.state)
    return [
        {"text": application.establishment.name, "href": review_page(application)},
        {"text": WORDS[state], "colour": COLOURS[state]},
        {"text": application.category.name},
        {"text": application.provider.name},
        {"text": day(application.decided_at)},
    ]


def time_left(due: date, today: date) -> dict[str, str]:
    left = working_days_left(due, today)
    if left < 0:
        return {"text": f"{_days(-left)} late", "colour": "red"}
    if left == 0:
        return {"text": "Today" if today <= due else "Late", "colour": "red"}
    return {"text": _days(left), "colour": "yellow" if left <= SOON else "grey"}


def _days(number: int) -> str:
    return f"{number} working {'day' if number == 1 else 'days'}"


def review_page(application: Application) -> str:
    return reverse("qualification:review", args=[application.pk])


def facts(application: Application, claim: Claim | None) -> list[dict[str, Any]]:
    """Who applies for what, since when, and whether the claim is confirmed."""
    place = application.establishment
    state = ApplicationState(application.state)
    rows: list[dict[str, Any]] = [
        {
            "key": "Establishment",
            "value": place.name,
            "href": reverse("providers:establishment", args=[place.pk]),
            "action": "See",
        },
        {"key": "Provider", "value": application.provider.name},
        {"key": "Category", "value": f"{application.category.service}: {application.category}"},
        {"key": "State", "value": WORDS[state]},
        _claim_row(application, claim),
        {"key": "Sent", "value": _sent_words(application)},
    ]
    if state is ApplicationState.SUBMITTED:
        due = due_on(application)
        rows.append({"key": "Decide by", "value": show_date(due)})
    return rows


def _claim_row(application: Application, claim: Claim | None) -> dict[str, Any]:
    if application.establishment.provider_id == application.provider_id:
        return {"key": "Runs the establishment", "value": "Confirmed"}
    row = {"key": "Runs the establishment", "value": "The claim is not confirmed"}
    if claim is not None:
        row["href"] = reverse("providers:decide_claim", args=[claim.pk])
        row["action"] = "Decide the claim"
    return row


def due_on(application: Application) -> date:
    """By when an application that was sent is decided."""
    if application.submitted_at is None:
        raise ValueError("an application that was not sent has no date of decision")
    return decision_due(application.submitted_at)


def _sent_words(application: Application) -> str:
    by = application.submitted_by
    return f"{day(application.submitted_at)} by {by.name}" if by else day(application.submitted_at)


def questions(contents: Contents, today: date) -> list[dict[str, Any]]:
    """Each pass or fail question with its answer, and what is held as evidence for it."""
    return [
        {
            "title": each.criterion.title,
            "question": each.criterion.question,
            "answer": yes_or_no(each),
            "fails": each.passes is False,
            "judged": _judged(each, contents, today),
            **held(each, contents.application, today),
        }
        for each in contents.questions
    ]


def _judged(each: Answered, contents: Contents, today: date) -> Judged | None:
    """What the rules say of the latest inspection, at the question that asks for it."""
    if each.criterion.code != SHOWS_INSPECTIONS:
        return None
    return judged(contents.application.establishment, answered=each.passes, on=today)


def statements(contents: Contents) -> list[dict[str, Any]]:
    return [_statement(each) for each in contents.statements]


def _statement(each: Answered) -> dict[str, Any]:
    graded = each.grade
    return {
        "title": each.criterion.title,
        "question": each.criterion.question,
        "guidance": each.criterion.guidance,
        "weight": each.criterion.weight,
        "text": each.text,
        "words": each.words,
        "answer_id": each.answer.pk if each.answer else None,
        "grade": f"{graded.grade}: {DESCRIPTORS[graded.grade].name}" if graded else "",
        "reason": graded.reason if graded else "",
        "graded_by": graded.graded_by.name if graded else "",
    }
