"""The central team's lists and one application, in words and rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from dps.govuk.templatetags.govuk import day, hundredths
from dps.models import Category
from providers.models import Claim
from qualification.deciding_time import decision_due, working_days_left
from qualification.grades import DESCRIPTORS
from qualification.models import Application
from qualification.presenters.applying import COLOURS
from qualification.queries.applications import Answered, Contents
from qualification.queries.work_list import Work
from qualification.states import WITH_THE_TEAM, WORDS, ApplicationState
from qualification.worries import GRAVE

WORK_HEAD = ("Application", "Time left", "What is next", "To look at", "Decide by")
DECIDED_HEAD = ("Establishment", "Outcome", "Category", "Provider", "Decided")
NOT_DONE = ("is not checked yet", "has no agreed grade")
SOON = 3
"""Working days from which on an application is marked."""


def work_row(work: Work, today: date) -> list[Any]:
    """What it is, how long is left, the next step, why to look early."""
    return [
        {"text": work_name(work), "href": work_page(work)},
        quiet(time_left(work.due, today)),
        "; ".join(work.own or work.steps),
        worry_words(work.worries),
        show_date(work.due),
    ]


def quiet(cell: dict[str, str]) -> dict[str, str]:
    """A tag only where it warns."""
    return {"text": cell["text"]} if cell["colour"] == "grey" else cell


def worry_words(worries: Sequence[str]) -> dict[str, str]:
    """What worries, as a tag where it is grave."""
    cell = {"text": ", ".join(worries)}
    return cell | {"colour": "red"} if GRAVE & set(worries) else cell


def work_name(work: Work) -> str:
    """One establishment by its name, several by their number: "Oak Trust: 12 establishments"."""
    first = work.applications[0]
    names = {one.establishment_id for one in work.applications}
    categories = ", ".join(dict.fromkeys(one.category.name for one in work.applications))
    if len(names) == 1:
        return f"{first.establishment.name} ({first.provider.name}): {categories}"
    return f"{first.provider.name}, {len(names)} establishments: {categories}"


def work_page(work: Work) -> str:
    return reverse("qualification:joining_work", args=[work.joining_id])


def categories_in(works: Iterable[Work]) -> list[tuple[str, str]]:
    found = {str(one.category_id): one.category for work in works for one in work.applications}
    rows = sorted(found.items(), key=lambda item: (item[1].position, item[1].name))
    return [(key, category.name) for key, category in rows]


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


def name_of(application: Application) -> str:
    return f"{application.establishment.name}: {application.category.name}"


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
            "hidden": "the establishment",
        },
        {
            "key": "Provider",
            "value": f"{application.provider.name}, application {application.joining.number}",
            "href": reverse("qualification:joining_work", args=[application.joining_id]),
            "action": "See all",
            "hidden": "that this provider applies for in it",
        },
        {"key": "Category", "value": _category(application.category)},
        {"key": "Stage", "value": WORDS[state]},
        _claim_row(application, claim),
        {"key": "Sent", "value": _sent_words(application)},
    ]
    if state in WITH_THE_TEAM:
        rows.append({"key": "Decide by", "value": show_date(due_on(application))})
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


def serious(in_the_way: Iterable[str]) -> list[str]:
    """Without what is only not done yet: that is the work itself."""
    return [said for said in in_the_way if not said.endswith(NOT_DONE)]


def statements(contents: Contents) -> list[dict[str, Any]]:
    return [_statement(each) for each in contents.statements]


def _statement(each: Answered) -> dict[str, Any]:
    agreed = each.agreed
    return {
        "title": each.criterion.title,
        "question": each.criterion.question.text,
        "weight": hundredths(each.criterion.weight),
        "text": each.text,
        "words": each.words,
        "is_common": each.is_common,
        "is_kept": each.is_kept,
        "grade": f"{agreed.grade}: {DESCRIPTORS[agreed.grade].name}" if agreed else "",
        "reason": agreed.reason if agreed else "",
        "note": agreed.note if agreed else "",
        "agreed_by": agreed.agreed_by.name if agreed else "",
        "is_of_panel": bool(agreed and agreed.is_of_panel),
    }


def _category(one: Category) -> str:
    return one.name if one.service == one.name else f"{one.service}: {one.name}"


def kinds_of_steps(applications: Iterable[Application]) -> dict[str, str]:
    """The button of the earliest stage that somebody is in stands out; the others do not."""
    states = {ApplicationState(one.state) for one in applications}
    order = (ApplicationState.SUBMITTED, ApplicationState.EVALUATION, ApplicationState.MODERATED)
    first = next((state for state in order if state in states), None)
    return {state.value: "" if state is first else "secondary" for state in order}


def stage_counts(applications: Iterable[Application]) -> str:
    """ "3 being checked, 9 being graded"."""
    counts = Counter(ApplicationState(one.state) for one in applications)
    said = [
        f"{counts[state]} {WORDS[state][:1].lower()}{WORDS[state][1:]}"
        for state in WORDS
        if counts[state]
    ]
    return ", ".join(said)
