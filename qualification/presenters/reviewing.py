"""Reviews of scores in words and rows: for the central team's lists, and for both sides' pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from dps.actors import Actor
from dps.clock import london, show_date
from dps.govuk.templatetags.govuk import day
from dps.hundredths import show_hundredths
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from qualification.deciding_time import working_days_left
from qualification.grades import DESCRIPTORS
from qualification.models import ReviewRule, ScoreReview
from qualification.queries import reviewing as queries
from qualification.reviewing import Every, Line, counts_from, is_open_for_reply, lines_of

DUE_HEAD = (
    "Establishment",
    "Category",
    {"text": "Score", "numeric": True},
    "Last looked at",
    "Due",
)
UNDER_WAY_HEAD = ("Establishment", "Proposed", "How it stands", "Reply by")
DECIDED_HEAD = ("Establishment", "Outcome", "Decided", "Counts from")
LINES_HEAD = (
    "Statement",
    {"text": "Before", "numeric": True},
    {"text": "Proposed", "numeric": True},
)
RULES_HEAD = ("Category", "Reviewed", "Working days for a reply", "Since")
MOST = 5


def due_row(listed: Any, today: date) -> list[Any]:
    """Of a qualification with the columns of `with_due`."""
    is_late = listed.due <= today
    when = {"text": f"Since {show_date(listed.due)}", "colour": "yellow"}
    return [
        {
            "text": listed.establishment.name,
            "href": reverse("qualification:propose_review", args=[listed.pk]),
        },
        listed.category.name,
        show_hundredths(listed.score),
        show_date(listed.looked_at),
        when if is_late else show_date(listed.due),
    ]


def under_way_row(review: ScoreReview, today: date) -> list[Any]:
    return [
        {"text": name_of(review), "href": review_page(review)},
        move_words(review.before_score, review.proposed_score),
        stage(review, today),
        show_date(review.reply_by),
    ]


def decided_row(review: ScoreReview) -> list[Any]:
    return [
        {"text": name_of(review), "href": review_page(review)},
        outcome_words(review),
        day(review.decided_at),
        from_words(review),
    ]


def name_of(review: ScoreReview) -> str:
    listed = review.qualification
    return f"{listed.establishment.name}: {listed.category.name}"


def review_page(review: ScoreReview) -> str:
    return reverse("qualification:score_review", args=[review.pk])


def move_words(before: int, after: int) -> str:
    """ "From 80.00 up to 84.00", "stays at 80.00"."""
    if before == after:
        return f"Stays at {show_hundredths(before)}"
    way = "up" if after > before else "down"
    return f"From {show_hundredths(before)} {way} to {show_hundredths(after)}"


def stage(review: ScoreReview, today: date) -> dict[str, str]:
    """How far a review is, as a tag."""
    if review.decided_at is not None:
        return {"text": "Decided", "colour": "green"}
    if review.replied_at is not None:
        return {"text": "Replied: to decide", "colour": "yellow"}
    if is_open_for_reply(review.reply_by, today):
        return {"text": "Waiting for a reply", "colour": "blue"}
    return {"text": "No reply: to decide", "colour": "yellow"}


def outcome_words(review: ScoreReview) -> str:
    if review.outcome == ScoreReview.Outcome.KEPT:
        return f"Kept at {show_hundredths(review.before_score)}"
    moved = move_words(review.before_score, review.decided_score or 0)
    in_between = review.outcome == ScoreReview.Outcome.IN_BETWEEN
    return f"{moved}, in between" if in_between else moved


def from_words(review: ScoreReview) -> str:
    """The day from which a decided change counts; "" where nothing changes."""
    if review.decided_at is None or review.outcome == ScoreReview.Outcome.KEPT:
        return ""
    return show_date(london(counts_from(review.effective_from, review.decided_at)).date())


def clock(review: ScoreReview, today: date) -> dict[str, str]:
    """How long there is for a reply, in working days, as a tag."""
    left = working_days_left(review.reply_by, today)
    if not is_open_for_reply(review.reply_by, today):
        return {"text": "The time for a reply is over", "colour": "grey"}
    if left <= 0:
        return {"text": "Today is the last day for a reply", "colour": "red"}
    days = f"{left} working {'day' if left == 1 else 'days'}"
    return {"text": f"{days} left for a reply", "colour": "red" if left <= 2 else "yellow"}


def line_rows(lines: Iterable[Line]) -> list[list[Any]]:
    return [
        [
            each.title,
            str(each.before),
            {"text": str(each.after)} if not each.changes else f"{each.after} ({_step(each)})",
        ]
        for each in lines
    ]


def _step(line: Line) -> str:
    steps = line.after - line.before
    return f"{'up' if steps > 0 else 'down'} {abs(steps)}"


def changes(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Each statement whose grade changes, with the words of both grades and why."""
    return [
        {
            "title": each.title,
            "before": f"{each.before}, {DESCRIPTORS[each.before].name.lower()}",
            "after": f"{each.after}, {DESCRIPTORS[each.after].name.lower()}",
            "reason": each.reason,
        }
        for each in lines
        if each.changes
    ]


def shown(review: ScoreReview, today: date) -> dict[str, Any]:
    """What both sides read of a review."""
    lines = lines_of(review.grades)
    decided = lines_of(review.decided_grades)
    return {
        "review": review,
        "establishment": review.qualification.establishment,
        "category": review.qualification.category,
        "moves": move_words(review.before_score, review.proposed_score),
        "stage": stage(review, today),
        "clock": clock(review, today),
        "is_open": review.decided_at is None and review.replied_at is None,
        "lines_head": LINES_HEAD,
        "lines": line_rows(lines),
        "changes": changes(lines),
        "outcome": outcome_words(review) if review.decided_at else "",
        "counts_from": from_words(review),
        "decided": [f"{each.title}: grade {each.after}" for each in decided if each.changes],
    }


def rule_rows(
    categories: Iterable[Any], every: Mapping[Any, Every], rules: Sequence[ReviewRule]
) -> list[list[str]]:
    """What is in force for each category."""
    since = {rule.category_id: rule for rule in rules}
    return [
        [
            one.name,
            f"Every {every[one.pk].months} months",
            str(every[one.pk].reply_days),
            show_date(since[one.pk].from_date) if one.pk in since else "As shipped",
        ]
        for one in categories
    ]


def to_come(rules: Iterable[ReviewRule]) -> list[str]:
    return [
        f"{rule.category.name}: every {rule.months} months, {rule.reply_days} working days for a"
        f" reply, from {show_date(rule.from_date)}. {rule.reason}"
        for rule in rules
    ]


def to_do(actor: Actor, now: datetime) -> Iterator[Section]:
    """On the start page: what to reply to, what to decide, whose score is due a review."""
    today = london(now).date()
    if may(actor, Action.REPLY_TO_REVIEW) and actor.provider_id:
        items = tuple(waiting_for_provider(actor.provider_id, today))
        if items:
            href = reverse("qualification:standing")
            yield Section("Reviews of your scores", items, "", "How you stand", href)
    if may(actor, Action.PROPOSE_REVIEW):
        yield Section(
            heading="Score reviews",
            items=tuple(waiting_for_team(actor, today, decides=may(actor, Action.DECIDE_REVIEW))),
            empty="No review of a score waits for you.",
            more_text="All score reviews",
            more_href=reverse("qualification:score_reviews"),
        )


def waiting_for_team(actor: Actor, today: date, *, decides: bool) -> Iterator[Waiting]:
    """What an officer can do now: decide what another proposed, then look at what is due."""
    for review in queries.under_way():
        is_ready = review.replied_at or not is_open_for_reply(review.reply_by, today)
        if decides and is_ready and review.proposed_by_id != actor.person_id:
            yield Waiting(
                f"Decide on the score of {name_of(review)}",
                reverse("qualification:decide_review", args=[review.pk]),
                f"{move_words(review.before_score, review.proposed_score)}."
                f" {'The provider has replied' if review.replied_at else 'No reply came'}",
            )
    for listed in queries.due(today)[:MOST]:
        yield Waiting(
            f"Review the score of {listed.establishment.name}: {listed.category.name}",
            reverse("qualification:propose_review", args=[listed.pk]),
            f"Due {'since' if listed.due <= today else 'on'} {show_date(listed.due)}",
        )


def waiting_for_provider(provider_id: Any, today: date) -> Iterator[Waiting]:
    """Proposals to which a reply is still possible."""
    rows = queries.under_way().filter(provider_id=provider_id, replied_at__isnull=True)
    for review in rows.filter(reply_by__gte=today)[:MOST]:
        yield Waiting(
            f"Another score is proposed for {name_of(review)}",
            reverse("qualification:own_review", args=[review.pk]),
            f"{move_words(review.before_score, review.proposed_score)}. You may reply by"
            f" {show_date(review.reply_by)}",
        )
