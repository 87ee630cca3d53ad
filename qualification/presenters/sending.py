"""What is ready to be sent, what is not and why, and the receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from dps.govuk.forms import Choice
from dps.govuk.templatetags.govuk import moment
from qualification.core_costs import ways
from qualification.deciding_time import DECIDED_WITHIN, decision_due
from qualification.discounts import WORDS, Step, percent_words
from qualification.models import Application, Question
from qualification.models.rules import ResidentialStay
from qualification.presenters.applying import totals_words
from qualification.queries.applications import Answered
from qualification.queries.progress import Followed, costs_beside, discounts_beside

SHORT = 300
"""So many characters of a statement are shown before it is sent."""


def complete(drafts: Sequence[Followed]) -> list[tuple[str, Choice]]:
    return [
        (str(each.application.pk), Choice(_name(each), _hint(each)))
        for each in drafts
        if each.progress.is_complete
    ]


def _name(each: Followed) -> str:
    return f"{each.application.establishment.name}: {each.application.category.name}"


def _hint(each: Followed) -> str:
    failing = [part.title for part in each.progress.parts if part.fails]
    if failing:
        return f"Answered with no, so that it cannot qualify: {', '.join(failing)}"
    return ""


def lacking(drafts: Sequence[Followed]) -> list[dict[str, Any]]:
    """What those that are not ready lack; those that lack the same stand together."""
    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for each in drafts:
        if not each.progress.is_complete:
            href = reverse("qualification:application", args=[each.application.pk])
            place = {"name": _name(each), "href": href}
            found.setdefault(each.progress.missing, []).append(place)
    return [{"missing": missing, "places": places} for missing, places in found.items()]


def answers(drafts: Sequence[Followed]) -> list[dict[str, Any]]:
    """Each common answer once, and how many differ from it."""
    found: dict[Any, dict[str, Any]] = {}
    differing: dict[Any, set[Any]] = {}
    for each in drafts:
        for row in each.answered:
            question = row.criterion.question
            if row.is_kept:
                continue
            if not row.is_common:
                differing.setdefault(question.pk, set()).add(each.application.establishment_id)
            known = found.get(question.pk)
            if known is None or (not known["value"] and row.is_common):
                value = _value(row) if row.is_common else ""
                found[question.pk] = _row(each.application, question, value)
    titles = Counter(line["key"] for line in found.values())
    for key, line in found.items():
        if titles[line["key"]] > 1:
            line["key"] = f"{line['key']}, {line['category']}"
        number = len(differing.get(key, ()))
        if number:
            of = "1 establishment is" if number == 1 else f"{number} establishments are"
            line["value"] = f"{line['value']}\n{of} answered differently.".strip()
    return list(found.values())


def _row(one: Application, question: Question, value: str) -> dict[str, Any]:
    name = "grounds" if question.kind == Question.Kind.EXCLUSIONS else "answer"
    ids = [one.joining_id] if name == "grounds" else [one.joining_id, question.pk]
    href = reverse(f"qualification:{name}", args=ids)
    return {
        "key": question.title,
        "value": value,
        "href": f"{href}?then=check",
        "category": one.category.name,
    }


def _value(row: Answered) -> str:
    if row.is_statement:
        text = row.text.strip()
        return text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]} …"
    if row.criterion.kind == Question.Kind.EXCLUSIONS:
        return row.text
    words = {True: "Yes", False: "No", None: ""}[row.passes]
    return f"{words}\n{row.text}".strip()


COSTS_HEAD = (
    "For",
    {"text": "A year", "numeric": True},
    {"text": "A week", "numeric": True},
    "Discounts",
)


def cost_rows(drafts: Iterable[Application]) -> list[list[dict[str, Any]]]:
    """What a place costs, establishment by category; of residential places, each way."""
    rows = []
    for one in drafts:
        each = costs_beside(one)
        href = reverse("qualification:core_costs", args=[one.pk])
        name = f"{one.establishment.name}: {one.category.name}"
        steps = discount_words(discounts_beside(one))
        if not each.entries:
            rows.append([{"text": name, "href": href}, *_texts("Not given", "", steps)])
            continue
        for way in ways(each.entries, weeks=each.totals.weeks):
            stay = f", {ResidentialStay(way.stay).label.lower()}" if way.stay else ""
            totals = totals_words(way.totals)
            week = f"{totals['week']}, for {totals['weeks']} weeks"
            rows.append([{"text": name + stay, "href": href}, *_texts(totals["year"], week, steps)])
    return rows


def _texts(*words: str) -> list[dict[str, Any]]:
    return [{"text": each} for each in words]


def discount_words(steps: Iterable[Step]) -> str:
    """ "Brothers and sisters: 5% from 2 children"; each step after a semicolon."""
    said = [
        f"{WORDS[each.kind]}: {percent_words(each.percent)} from {each.from_children} children"
        for each in steps
    ]
    return "; ".join(said) or "None"


def receipt(last: Sequence[Application]) -> dict[str, Any]:
    """What was sent at one moment, by whom, and by when it is decided."""
    first = last[0]
    assert first.submitted_at is not None
    return {
        "joining": first.joining,
        "sent_at": moment(first.submitted_at),
        "sent_by": first.submitted_by.name if first.submitted_by else "",
        "names": [f"{each.establishment.name}: {each.category.name}" for each in last],
        "due": show_date(decision_due(first.submitted_at)),
        "working_days": DECIDED_WITHIN,
    }
