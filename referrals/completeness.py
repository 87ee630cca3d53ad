"""Which tasks of a draft referral are still to be done before it can be issued (BC 8.2-8.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dps.clock import london
from dps.regimes import Counted, Days, Regime
from dps.working_days import add_working_days
from referrals.limits import Limit
from referrals.scoring_terms import CannotBeScored, Criteria, Feature, Marked, Weights

# A day further from today has a mistyped year. What is issued or sealed could not be put right.
LATEST_START = timedelta(days=3 * 365)
LATEST_DEADLINE = timedelta(days=365)


class Task(StrEnum):
    CHILD = "child"
    FAMILY = "family"
    NEEDS = "needs"
    FEATURES = "features"
    OUTCOMES = "outcomes"
    PLACEMENT = "placement"
    WEIGHTS = "weights"
    LIMIT = "limit"
    DEADLINE = "deadline"


# What scoring.md gives where a category has no template of its own, in hundredths.
DEFAULT_WEIGHTS = Weights(
    price=50_00,
    outcomes=15_00,
    needs=5_00,
    features=5_00,
    location=5_00,
    core_competency=20_00,
    incentive=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a draft holds so far; weights are hundredths of a percentage point."""

    reference: str
    age: int | None
    profile: str
    has_identity: bool
    has_home: bool
    needs: tuple[Marked, ...]
    features: tuple[Feature, ...]
    outcomes: tuple[Marked, ...]
    starts_on: date | None
    weeks_per_year: int | None
    weights: dict[str, int]
    limit_miles: int | None
    limit_areas: tuple[str, ...]
    bids_close_at: datetime | None
    shorter_time_agreed: bool


def unfinished(facts: Facts, regime: Regime, now: datetime) -> tuple[tuple[Task, str], ...]:
    """Each task that keeps the referral from being issued, with what to do about it."""
    return tuple(_unfinished(facts, regime, now))


def _unfinished(facts: Facts, regime: Regime, now: datetime) -> Iterator[tuple[Task, str]]:
    if facts.age is None or not facts.profile.strip():
        yield Task.CHILD, "Describe the child"
    if not (facts.has_identity and facts.has_home):
        yield Task.FAMILY, "Enter the child’s name and home postcode"
    if not facts.needs:
        yield Task.NEEDS, "List at least one need"
    if not facts.outcomes:
        yield Task.OUTCOMES, "List at least one outcome"
    if facts.starts_on is None or facts.weeks_per_year is None:
        yield Task.PLACEMENT, "Say when the placement starts and for how many weeks a year"
    if words := weights_problem(facts):
        yield Task.WEIGHTS, words
    if facts.limit_miles is None and not facts.limit_areas:
        yield Task.LIMIT, "Say how far from home the place may be"
    if words := deadline_problem(facts, regime, now):
        yield Task.DEADLINE, words


def weights_problem(facts: Facts) -> str:
    """Why the weights do not fit what is listed; empty if they do."""
    try:
        Criteria(
            reference=facts.reference,
            weights=Weights(**facts.weights),
            weeks_per_year=1,
            needs=facts.needs,
            features=facts.features,
            outcomes=facts.outcomes,
        )
    except CannotBeScored as refusal:
        name = refusal.field.rpartition(".")[2].replace("_", " ").capitalize()
        return f"{name}: {refusal.message}" if name else refusal.message
    return ""


def deadline_problem(facts: Facts, regime: Regime, now: datetime) -> str:
    """Why bids cannot close then; empty if they can."""
    if facts.bids_close_at is None:
        return "Set the deadline for bids"
    if facts.bids_close_at <= now:
        return "The deadline for bids has passed. Set a later one"
    least = regime.minimum_tender
    if least is None or (facts.shorter_time_agreed and regime.tender_may_be_shorter_by_agreement):
        return ""
    if facts.bids_close_at < soonest(least, now):
        return (
            f"Providers have at least {least.number} {least.counted.value} to bid,"
            " unless everybody invited has agreed to less"
        )
    return ""


def soonest(least: Days, now: datetime) -> datetime:
    """The earliest deadline that leaves so many days from now."""
    if least.counted is Counted.WORKING:
        today = london(now).date()
        days = (add_working_days(today, least.number) - today).days
        return now + timedelta(days=days)
    return now + timedelta(days=least.number)


def limit_of(facts: Facts) -> Limit:
    """:raises NoLimitChosen: neither a distance nor an area is set."""
    return Limit(facts.limit_miles, frozenset(facts.limit_areas))


def names_found(name: str, texts: dict[str, str]) -> tuple[str, ...]:
    """Which of the named texts hold a part of the child's name as a word of its own."""
    parts = {part.casefold().strip(_EDGES) for part in name.split() if len(part) > 2}
    return tuple(
        where
        for where, text in texts.items()
        if parts & {_bare(word) for word in text.casefold().split()}
    )


_EDGES = ".,;:!?()[]“”‘’\"'"


def _bare(word: str) -> str:
    stripped = word.strip(_EDGES)
    return stripped.removesuffix("’s").removesuffix("'s")
