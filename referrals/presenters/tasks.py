"""The task list of a draft referral: what is done, what is missing, what cannot start yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from referrals.completeness import Task, unfinished
from referrals.models import Referral
from referrals.queries.referrals import Asked, asked, facts_of, identity_state, regime_of

GROUPS: tuple[tuple[str, tuple[tuple[Task, str, str], ...]], ...] = (
    (
        "The child",
        (
            (Task.CHILD, "Child’s profile", "What providers read. No name."),
            (Task.FAMILY, "Child’s name and home", "Kept apart. Providers never see it."),
        ),
    ),
    (
        "The place",
        (
            (Task.NEEDS, "Needs", "What the child needs, with marks"),
            (Task.FEATURES, "Features", "What the place must or should have"),
            (Task.OUTCOMES, "Outcomes", "What the placement works towards"),
            (Task.PLACEMENT, "Start and length", "Start date, weeks a year"),
        ),
    ),
    (
        "The competition",
        (
            (Task.WEIGHTS, "Weights", "How bids are compared"),
            (Task.LIMIT, "Distance or areas", "How far from home the place may be"),
            (Task.DEADLINE, "Deadline for bids", "The last moment for a bid"),
        ),
    ),
)
OPTIONAL = frozenset({Task.FEATURES})


@dataclass(frozen=True)
class Draft:
    """A draft with what it asks for, and what still has to be done."""

    referral: Referral
    lists: Asked
    problems: dict[Task, str]
    has_home: bool

    @property
    def is_ready(self) -> bool:
        return not self.problems

    @property
    def can_show_reach(self) -> bool:
        return self.has_home and Task.LIMIT not in self.problems


def draft_of(referral: Referral, now: datetime) -> Draft:
    lists = asked(referral)
    has_identity, has_home = identity_state(referral)
    facts = facts_of(referral, lists, has_identity=has_identity, has_home=has_home)
    problems = dict(unfinished(facts, regime_of(referral), now))
    return Draft(referral, lists, problems, has_home)


def task_groups(draft: Draft) -> list[tuple[str, list[dict[str, str]]]]:
    groups = [
        (heading, [_row(draft, task, text, hint) for task, text, hint in rows])
        for heading, rows in GROUPS
    ]
    groups.append(("Send", _last_rows(draft)))
    return groups


def progress_words(draft: Draft) -> str:
    number = len(Task)
    done = number - len(draft.problems)
    return f"You have completed {done} of {number} tasks. We save each task when you continue."


def _row(draft: Draft, task: Task, text: str, hint: str) -> dict[str, str]:
    row = {
        "text": text,
        "hint": hint,
        "href": reverse(f"referrals:task_{task.value}", args=[draft.referral.pk]),
    }
    if task in draft.problems:
        return row | {"status": "Incomplete", "colour": "blue"}
    if task in OPTIONAL and not draft.lists.features:
        return row | {"status": "Optional", "colour": "grey"}
    return row | {"status": "Completed"}


def _last_rows(draft: Draft) -> list[dict[str, str]]:
    pk = draft.referral.pk
    who = {"text": "Who will be invited", "hint": "On a map and in a list, with reasons"}
    check = {"text": "Check and send to providers"}
    if draft.can_show_reach:
        who |= {"href": reverse("referrals:reach", args=[pk]), "status": "Ready to see"}
    if draft.is_ready:
        check |= {"href": reverse("referrals:check", args=[pk]), "status": "Ready to send"}
    return [who, check]
