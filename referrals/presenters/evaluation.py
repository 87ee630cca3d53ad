"""The opening and the ranking, in words and rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dps.actors import Actor, Role
from dps.clock import may_open, opens_at
from dps.govuk.charts import Bar, Chart, chart_svg
from dps.hundredths import show_hundredths
from dps.money import show
from dps.services.people import people_with_role
from referrals.letter_words import TITLES
from referrals.models import Bid, Evaluation, Feature, Referral
from referrals.queries.evaluation import APPROVALS_TOGETHER, approvals_in_force
from referrals.states import ReferralState

PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Price", ("price",)),
    ("Outcomes", ("outcomes", "incentive")),
    ("Needs and features", ("needs", "features")),
    ("Distance and competency", ("location", "core_competency")),
)
"""At most four parts of a bar can be told apart."""
NUMBERS = ("no", "one", "two", "three")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page of the opening shows, and whether the button is there."""

    is_open_for_bids: bool
    opens_at: datetime | None
    approvals: tuple[tuple[str, datetime, datetime], ...]
    may_approve: bool
    is_waiting_for_another: bool
    leaves_no_approver: bool
    """After this person's approval nobody in the council could approve the award."""


def opening_of(referral: Referral, actor: Actor, now: datetime) -> Opening:
    deadline = referral.bids_close_at
    is_time = deadline is not None and may_open(now, deadline)
    rows = approvals_in_force(referral.id, now=now) if is_time else []
    mine = any(row.person_id == actor.person_id for row in rows)
    is_open_state = referral.state == ReferralState.OPEN
    may_approve = is_open_state and is_time and not mine
    barred = {referral.raised_by_id, actor.person_id, *(row.person_id for row in rows)}
    return Opening(
        is_open_for_bids=is_open_state and not is_time,
        opens_at=opens_at(deadline) if deadline else None,
        approvals=tuple(
            (row.person.name, row.approved_at, row.approved_at + APPROVALS_TOGETHER) for row in rows
        ),
        may_approve=may_approve,
        is_waiting_for_another=is_open_state and mine,
        leaves_no_approver=may_approve and not _approvers(referral) - barred,
    )


def _approvers(referral: Referral) -> set[UUID]:
    return set(people_with_role(Role.APPROVER, authority_id=referral.authority_id))


@dataclass(frozen=True, slots=True)
class Results:
    """The ranking as a page shows it."""

    head: tuple[Any, ...]
    rows: tuple[tuple[Any, ...], ...]
    chart: Chart | None
    near_tie: str
    set_aside: tuple[tuple[str, str], ...]

    @property
    def svg(self) -> str:
        """The picture alone: the table beside it has every number."""
        return chart_svg(self.chart) if self.chart else ""


def results_of(
    referral: Referral, evaluation: Evaluation, bids: Sequence[Bid], features: Sequence[Feature]
) -> Results:
    """Every criterion's score by rank; what was set aside and why; the near tie in words."""
    ranked = sorted((bid for bid in bids if bid.rank), key=lambda bid: bid.rank or 0)
    criteria = [key for key in TITLES if getattr(referral, f"weight_{key}")]
    return Results(
        head=_head(referral, criteria),
        rows=tuple(_row(bid, criteria) for bid in ranked),
        chart=_chart(ranked) if ranked else None,
        near_tie=near_tie_words(ranked, evaluation.near_tie),
        set_aside=_set_aside([bid for bid in bids if not bid.rank], features),
    )


def near_tie_words(ranked: Sequence[Bid], near_tie: Sequence[UUID]) -> str:
    """One sentence on whether the first bids are nearly equal."""
    near = [bid for bid in ranked if bid.id in set(near_tie)]
    if len(near) < 2:
        if len(ranked) < 2:
            return ""
        gap = (ranked[0].total or 0) - (ranked[1].total or 0)
        return f"There is no near tie: the second is {show_hundredths(gap)} points below the first."
    names = [bid.establishment.name for bid in near]
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    gap = (near[0].total or 0) - (near[-1].total or 0)
    return (
        f"The first {NUMBERS[len(near)]} bids are nearly equal: {listed} lie within"
        f" {show_hundredths(gap)} points of each other, which is less than 5 points."
    )


def why_set_aside(bid: Bid, features: Sequence[Feature]) -> str:
    if bid.set_aside_reason:
        return bid.set_aside_reason
    texts = {feature.key: feature.text for feature in features}
    lacked = ", ".join(texts.get(key, key) for key in bid.missing_features)
    return f"It lacks what was published as essential: {lacked}"


def _head(referral: Referral, criteria: Sequence[str]) -> tuple[Any, ...]:
    scores = [
        {
            "text": f"{TITLES[key]} (of {_short(getattr(referral, f'weight_{key}'))})",
            "numeric": True,
        }
        for key in criteria
    ]
    return (
        "Rank",
        "Establishment",
        {"text": "Total (of 100)", "numeric": True},
        *scores,
        {"text": "Price a year", "numeric": True},
    )


def _row(bid: Bid, criteria: Sequence[str]) -> tuple[Any, ...]:
    return (
        str(bid.rank),
        bid.establishment.name,
        show_hundredths(bid.total or 0),
        *(show_hundredths(bid.scores[key]) for key in criteria),
        show(bid.annual_price_pence or 0),
    )


def _chart(ranked: Sequence[Bid]) -> Chart:
    bars = tuple(
        Bar(
            f"{bid.rank}. {bid.establishment.name}",
            tuple(sum(bid.scores.get(key, 0) for key in keys) for _name, keys in PARTS),
            show_hundredths(bid.total or 0),
        )
        for bid in ranked
    )
    names = tuple(name for name, _keys in PARTS)
    return Chart("Points by part", "Points", bars, names, "scores", "Establishment")


def _set_aside(bids: Sequence[Bid], features: Sequence[Feature]) -> tuple[tuple[str, str], ...]:
    return tuple((bid.establishment.name, why_set_aside(bid, features)) for bid in bids)


def _short(weight: int) -> str:
    """A weight as people write it: 5000 is "50", 250 is "2.5"."""
    return show_hundredths(weight).rstrip("0").rstrip(".")
