"""Raising a referral: a draft, and each task of writing it (BC 8.2-8.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.crypto import make_child_key
from dps.models import Authority
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from dps.regimes import REGIMES, RegimeKey, refuse_unless_allowed
from dps.regimes import Act as RegimeAct
from referrals.completeness import LATEST_DEADLINE, LATEST_START
from referrals.limits import Limit
from referrals.models import ChildIdentity, Feature, Need, Outcome, Referral
from referrals.models.referral import WEIGHTS
from referrals.queries.referrals import adopted_categories, default_weights, weights_of
from referrals.scoring_terms import HIGHEST_MARKS, FeatureKind, Weights
from referrals.services.drafts import draft_for_change
from referrals.services.people import person_of

Listed = TypeVar("Listed", bound="Wanted | WantedFeature")
ListedRow = TypeVar("ListedRow", Need, Feature, Outcome)
MOST_ITEMS = 20
OLDEST = 25


class CategoryNotAdopted(Refusal):
    message = "Your authority does not use this category, or its market is closed"


class OutOfBounds(NotUnderstood):
    message = "This is out of bounds"


@dataclass(frozen=True, slots=True)
class Profile:
    """The child without a name, as providers read it: age in whole years."""

    age: int
    profile: str
    wishes: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    starts_on: date
    weeks_per_year: int
    duration: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A need or an outcome with its marks, 1 to 100; ``component`` of the outcomes framework."""

    text: str
    marks: int
    component: str = ""


@dataclass(frozen=True, slots=True)
class WantedFeature:
    """A feature with its marks; an essential one is pass or fail."""

    text: str
    marks: int
    kind: FeatureKind = FeatureKind.DESIRABLE
    is_essential: bool = False


@transaction.atomic
def raise_referral(*, category_id: UUID, actor: Actor, now: datetime) -> Referral:
    """Begin a draft in a category, with the region's weights and the authority's next reference.

    :raises NotPermitted: the actor may not raise referrals.
    :raises CategoryNotAdopted: the authority does not use the category now (G2).
    :raises ForbiddenByRegime: the market's law allows no mini-competition (G0).
    """
    require(actor, Action.RAISE_REFERRAL)
    authority = Authority.objects.get(pk=actor.chain_id)
    today = london(now).date()
    category = adopted_categories(authority.pk, today).filter(pk=category_id).first()
    if category is None:
        raise CategoryNotAdopted
    regime = REGIMES[RegimeKey(category.market.regime)]
    refuse_unless_allowed(regime, RegimeAct.RUN_MINI_COMPETITION)

    referral = Referral(
        authority=authority,
        reference=_next_reference(authority, today.year),
        category=category,
        regime=regime.key.value,
        raised_by_id=person_of(actor),
        raised_at=now,
    )
    _put_weights(referral, default_weights(category.pk, today))
    referral.save(force_insert=True)
    key = make_child_key(authority_id=authority.pk, now=now)
    ChildIdentity.objects.create(authority=authority, referral=referral, key=key)

    facts = {"reference": referral.reference, "category": category.code, "regime": regime.key}
    audit.record(Act("referral.raised", referral, facts), actor=actor, at=now)
    return referral


@transaction.atomic
def describe_child(*, referral_id: UUID, profile: Profile, actor: Actor, now: datetime) -> Referral:
    """Write the child's profile, which names nobody (R1).

    :raises AlreadyIssued: it is no draft any more.
    :raises OutOfBounds: the age is not 0 to 25.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    if not 0 <= profile.age <= OLDEST:
        raise OutOfBounds(f"Age must be from 0 to {OLDEST}", field="age")
    facts = {"age": [referral.age, profile.age]}
    referral.age, referral.profile = profile.age, profile.profile.strip()
    referral.wishes = profile.wishes.strip()
    referral.save(update_fields=["age", "profile", "wishes"])
    audit.record(Act("referral.child_described", referral, facts), actor=actor, at=now)
    return referral


@transaction.atomic
def plan_placement(
    *, referral_id: UUID, placement: Placement, actor: Actor, now: datetime
) -> Referral:
    """Say when the placement starts, for how many weeks a year, and how long.

    :raises AlreadyIssued: it is no draft any more.
    :raises OutOfBounds: the weeks a year are not 1 to 53, or the start is years away.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    if not 1 <= placement.weeks_per_year <= 53:
        raise OutOfBounds("Weeks a year must be from 1 to 53", field="weeks_per_year")
    if placement.starts_on > london(now).date() + LATEST_START:
        raise OutOfBounds("The start date must be within 3 years from today", field="starts_on")
    facts = {
        "starts_on": [referral.starts_on, placement.starts_on],
        "weeks_per_year": [referral.weeks_per_year, placement.weeks_per_year],
    }
    referral.starts_on = placement.starts_on
    referral.weeks_per_year = placement.weeks_per_year
    referral.duration = placement.duration.strip()
    referral.save(update_fields=["starts_on", "weeks_per_year", "duration"])
    audit.record(Act("referral.placement_planned", referral, facts), actor=actor, at=now)
    return referral


@transaction.atomic
def list_needs(
    *, referral_id: UUID, needs: Sequence[Wanted], actor: Actor, now: datetime
) -> Referral:
    """Write the list of needs anew.

    :raises AlreadyIssued: it is no draft any more.
    :raises OutOfBounds: there are too many, or marks are not 1 to 100.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    rows = [
        Need(**_item(referral, "need", place, one.text, one.marks))
        for place, one in enumerate(_bounded(needs), start=1)
    ]
    return _write_list(referral, Need, rows, actor=actor, now=now)


@transaction.atomic
def list_features(
    *, referral_id: UUID, features: Sequence[WantedFeature], actor: Actor, now: datetime
) -> Referral:
    """Write the list of features anew; only a must-have can be essential.

    :raises AlreadyIssued: it is no draft any more.
    :raises OutOfBounds: there are too many, marks are not 1 to 100, or a desirable is essential.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    if any(one.is_essential and one.kind is not FeatureKind.MUST_HAVE for one in features):
        raise OutOfBounds("Only a must-have feature can be essential")
    rows = [
        Feature(
            **_item(referral, "feature", place, one.text, one.marks),
            kind=one.kind.value,
            is_essential=one.is_essential,
        )
        for place, one in enumerate(_bounded(features), start=1)
    ]
    return _write_list(referral, Feature, rows, actor=actor, now=now)


@transaction.atomic
def list_outcomes(
    *, referral_id: UUID, outcomes: Sequence[Wanted], actor: Actor, now: datetime
) -> Referral:
    """Write the list of desired outcomes anew.

    :raises AlreadyIssued: it is no draft any more.
    :raises OutOfBounds: there are too many, or marks are not 1 to 100.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    rows = [
        Outcome(**_item(referral, "outcome", place, one.text, one.marks), component=one.component)
        for place, one in enumerate(_bounded(outcomes), start=1)
    ]
    return _write_list(referral, Outcome, rows, actor=actor, now=now)


@transaction.atomic
def weigh(*, referral_id: UUID, weights: Weights, actor: Actor, now: datetime) -> Referral:
    """Set the weights, whose bounds `Weights` holds itself (R2, BC 8.7).

    :raises AlreadyIssued: they have been published.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    before = weights_of(referral)
    after = {name: getattr(weights, name) for name in WEIGHTS}
    _put_weights(referral, after)
    referral.save(update_fields=[f"weight_{name}" for name in WEIGHTS])
    facts = {name: [before[name], after[name]] for name in WEIGHTS if before[name] != after[name]}
    audit.record(Act("referral.weighed", referral, facts), actor=actor, at=now)
    return referral


@transaction.atomic
def set_limit(*, referral_id: UUID, limit: Limit, actor: Actor, now: datetime) -> Referral:
    """Set how far from home, or in which areas, the place may be (R3).

    :raises AlreadyIssued: it is no draft any more.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    facts = {
        "miles": [referral.limit_miles, limit.radius_miles],
        "areas": [list(referral.limit_areas), sorted(limit.areas)],
    }
    referral.limit_miles, referral.limit_areas = limit.radius_miles, sorted(limit.areas)
    referral.save(update_fields=["limit_miles", "limit_areas"])
    audit.record(Act("referral.limited", referral, facts), actor=actor, at=now)
    return referral


@transaction.atomic
def set_deadline(
    *,
    referral_id: UUID,
    closes_at: datetime,
    shorter_time_agreed: bool = False,
    actor: Actor,
    now: datetime,
) -> Referral:
    """Set when bidding closes; whether that leaves enough days is asked again at the issue.

    :raises AlreadyIssued: it has been published; it moves no more.
    :raises OutOfBounds: it is not in the future, or more than a year away.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    if closes_at <= now:
        raise OutOfBounds("The deadline must be in the future", field="day")
    if closes_at > now + LATEST_DEADLINE:
        raise OutOfBounds("The deadline must be within a year from today", field="day")
    facts = {
        "closes_at": [referral.bids_close_at, closes_at],
        "shorter_time_agreed": shorter_time_agreed,
    }
    referral.bids_close_at = closes_at
    referral.shorter_time_agreed = shorter_time_agreed
    referral.save(update_fields=["bids_close_at", "shorter_time_agreed"])
    audit.record(Act("referral.deadline_set", referral, facts), actor=actor, at=now)
    return referral


def _next_reference(authority: Authority, year: int) -> str:
    """The next of the authority's year; whoever asks at the same time waits for this commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('referrals.reference'), %s)", [authority.pk]
        )
    start = f"{authority.code}-{year}-"
    mine = Referral.objects.of(authority.pk).filter(reference__startswith=start)
    last = mine.aggregate(last=Max("reference"))["last"]
    number = int(last.removeprefix(start)) + 1 if last else 1
    return f"{start}{number:06d}"


def _put_weights(referral: Referral, weights: dict[str, int]) -> None:
    for name in WEIGHTS:
        setattr(referral, f"weight_{name}", weights[name])


def _bounded(items: Sequence[Listed]) -> Sequence[Listed]:
    if len(items) > MOST_ITEMS:
        raise OutOfBounds(f"List at most {MOST_ITEMS}")
    for one in items:
        if not one.text.strip() or not 1 <= one.marks <= HIGHEST_MARKS:
            raise OutOfBounds(f"Each needs words, and marks from 1 to {HIGHEST_MARKS}")
    return items


def _item(referral: Referral, name: str, place: int, text: str, marks: int) -> dict[str, object]:
    return {
        "authority_id": referral.authority_id,
        "referral": referral,
        "key": f"{name}-{place}",
        "text": text.strip(),
        "marks": marks,
        "position": place,
    }


def _write_list(
    referral: Referral,
    model: type[ListedRow],
    rows: Sequence[ListedRow],
    *,
    actor: Actor,
    now: datetime,
) -> Referral:
    model.objects.filter(referral_id=referral.pk).delete()
    model.objects.bulk_create(rows)
    name = model._meta.verbose_name_plural
    facts = {"count": len(rows), "marks": [row.marks for row in rows]}
    audit.record(Act(f"referral.{name}_listed", referral, facts), actor=actor, at=now)
    return referral
