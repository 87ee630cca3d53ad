"""Versions of a category's rules in words: which there are, and what each one changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from qualification.models import CostHead, Criterion, EvidenceRule, Question, RuleSet
from qualification.presenters.criteria import points
from qualification.queries.rule_versions import name_of
from qualification.queries.rules import Asked
from qualification.rule_changes import Difference, Wanted

VERSIONS_HEAD = ("Version", "In force", "What is new", "Published by")
DIFFERENCES_HEAD = ("Of", "What", "Before", "In this version")
LINES_HEAD = ("Line", "May stay empty")
LONGEST = 160


def version_rows(versions: Iterable[RuleSet], today: date) -> list[list[Any]]:
    return [
        [
            {
                "text": f"Version {each.number}",
                "href": reverse("qualification:rule_set", args=[each.pk]),
            },
            in_force(each, today),
            each.change,
            each.published_by.name if each.published_by else "",
        ]
        for each in versions
    ]


def in_force(version: RuleSet, today: date) -> str:
    if version.from_date is None or not version.is_published:
        return "Draft"
    start = show_date(version.from_date)
    if version.until_date is None:
        return f"From {start} on" if version.from_date <= today else f"Starts on {start}"
    return f"{start} until {show_date(version.until_date)}"


def difference_rows(found: Iterable[Difference]) -> list[list[str]]:
    return [[each.of, each.what, _short(each.before), _short(each.after)] for each in found]


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()}…"


def question_cards(asked: Asked, *, may_change: bool) -> list[dict[str, Any]]:
    """Each question of a version as a summary card, with the pages that change it."""
    last = len(asked.criteria) - 1
    return [
        {
            "criterion": each,
            "title": each.title,
            "rows": _card_rows(each, asked.evidence.get(each.pk, []), may_change=may_change),
            "may_move_up": may_change and at > 0,
            "may_move_down": may_change and at < last,
        }
        for at, each in enumerate(asked.criteria)
    ]


def _card_rows(
    each: Criterion, evidence: Iterable[EvidenceRule], *, may_change: bool
) -> list[dict[str, Any]]:
    question = each.question
    href = reverse("qualification:rule_question", args=[each.pk]) if may_change else ""
    rows = [_row("Question", question.text, href, f"the question “{question.title}”")]
    kind = f"{question.get_kind_display()}, stage {question.stage}"
    rows.append({"key": "Kind", "value": kind})
    if question.kind == Question.Kind.STATEMENT:
        weights = reverse("qualification:rule_weights", args=[each.rule_set_id])
        weight = f"{points(each.weight)} of 100 points"
        rows.append(_row("Weight", weight, weights if may_change else "", "the weights"))
        limit = f"{question.word_limit} words, graded by {question.get_graded_by_display().lower()}"
        rows.append({"key": "Answer", "value": limit})
        return rows
    wanted = [
        Wanted(rule.kind, name_of(rule.kind), rule.least_sum_pence, rule.is_optional).words
        for rule in evidence
    ]
    change = reverse("qualification:rule_evidence", args=[each.pk]) if may_change else ""
    about = f"the evidence for “{question.title}”"
    rows.append(_row("Evidence", "; ".join(wanted) or "None", change, about))
    return rows


def _row(key: str, value: str, href: str, hidden: str) -> dict[str, Any]:
    row: dict[str, Any] = {"key": key, "value": value}
    return row | {"action": "Change", "href": href, "hidden": hidden} if href else row


def lines_head(*, may_change: bool) -> tuple[str, ...]:
    return (*LINES_HEAD, "Change") if may_change else LINES_HEAD


def line_rows(heads: Iterable[CostHead], *, may_change: bool) -> list[list[Any]]:
    rows = []
    for each in heads:
        href = reverse("qualification:rule_cost_line", args=[each.pk])
        name = f"{each.schedule}: {each.title}" if each.schedule else each.title
        row: list[Any] = [name, "Yes" if each.is_optional else "No"]
        rows.append([*row, {"text": "Change", "href": href}] if may_change else row)
    return rows
