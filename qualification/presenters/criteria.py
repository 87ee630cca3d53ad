"""What a category asks, in the words of the public page, the preview and the draft alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dps.hundredths import show_hundredths
from qualification.grades import DESCRIPTORS
from qualification.rule_changes import SHOWN, STATEMENT, Asked, Head, Rules

HEAD = ("Cost", "What belongs to it")
WEIGHT_HEAD = ("Question", {"text": "Points", "numeric": True}, "Words at most", "Graded by")


def criteria(rules: Rules) -> dict[str, Any]:
    """The context of `qualification/parts/criteria.html`."""
    asked = [each for each in rules.asked if each.kind != STATEMENT]
    return {
        "stage_1": [_question(each) for each in asked if each.stage == 1],
        "stage_2": [_question(each) for each in asked if each.stage == 2],
        "statements": [_statement(each) for each in rules.statements],
        "weights_head": WEIGHT_HEAD,
        "weights": [_weight(each) for each in rules.statements],
        "descriptors": DESCRIPTORS,
        "cost_head": HEAD,
        "schedules": list(_schedules(rules.heads)),
    }


def _question(each: Asked) -> dict[str, Any]:
    return {
        "title": each.title,
        "text": each.text,
        "guidance": each.guidance,
        "evidence": [wanted.words for wanted in each.evidence],
        "is_shown_only": each.kind == SHOWN,
        "is_inspection": each.kind == "inspection",
    }


def _statement(each: Asked) -> dict[str, Any]:
    return _question(each) | {
        "topics": each.topics.splitlines(),
        "weight": points(each.weight),
        "word_limit": each.word_limit,
        "graded_by": each.graded_by,
    }


def _weight(each: Asked) -> list[str]:
    return [each.title, points(each.weight), str(each.word_limit), each.graded_by]


def points(weight: int) -> str:
    """Hundredths of a point as people read them: 30, or 7.50."""
    return str(weight // 100) if weight % 100 == 0 else show_hundredths(weight)


def _schedules(heads: tuple[Head, ...]) -> Iterator[dict[str, Any]]:
    """The cost lines under their headings, in order."""
    for heading in dict.fromkeys(head.schedule for head in heads):
        rows = [
            [f"{head.title} (if offered)" if head.is_optional else head.title, head.guidance]
            for head in heads
            if head.schedule == heading
        ]
        yield {"heading": heading or "Core costs", "rows": rows}
