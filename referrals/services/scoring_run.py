"""From rows to the case that scoring reads: facts at the opening, inputs at the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.grid import GridPoint
from dps.hundredths import show_hundredths
from dps.money import Basis, in_pounds
from dps.tenancy.many import Row, update_many
from qualification.queries.qualified import competency_at
from referrals import scoring
from referrals.models import Bid, ChildIdentity, Feature, Need, Outcome, Referral
from referrals.models.referral import WEIGHTS
from referrals.queries.evaluation import INCENTIVE_KEY, bids_of
from referrals.scoring_terms import LineKind, PriceLine
from referrals.services.identity import home_of

PRICE_OF_NOTHING = "Its price comes to nothing, so it cannot be scored"
NOWHERE = 50_00
"""Hundredths of a mile written for a place that is not known: from there, location scores 0."""

FACTS = ("annual_price_pence", "set_aside_reason", "distance", "competency", "missing_features")
Grades = Mapping[tuple[UUID, str], int]
Json = dict[str, Any]


def record_facts(referral: Referral, *, actor: Actor, now: datetime) -> list[Bid]:
    """
    Write what needs no judgement on each opened bid: annual price in pence, distance from the
    home in hundredths of a mile, competency at the deadline in hundredths, essential features
    that it lacks (BC 8.6). Reading the home is an event.
    """
    bids = bids_of(referral.id)
    if not bids:
        return []
    home = _home(referral, actor=actor, now=now)
    essential = _essential_keys(referral)
    competency = competency_at(
        [bid.establishment_id for bid in bids], referral.category_id, referral.bids_close_at or now
    )
    for bid in bids:
        bid.annual_price_pence = annual_price(bid.content, referral.weeks_per_year or 0) or None
        bid.set_aside_reason = "" if bid.annual_price_pence else PRICE_OF_NOTHING
        bid.distance = _distance(home, bid)
        bid.competency = competency.get(bid.establishment_id, 0)
        bid.missing_features = sorted(essential.difference(bid.content.get("features_met", ())))
    save_columns(bids, FACTS)
    return bids


def save_columns(bids: Sequence[Bid], names: Sequence[str]) -> None:
    """Write these columns of the bids of one referral, however many there are, at once."""
    rows: list[Row] = [{name: getattr(bid, name) for name in ("id", *names)} for bid in bids]
    for authority_id in {bid.authority_id for bid in bids}:
        update_many(Bid, rows, names, authority_id=authority_id)


def annual_price(content: Mapping[str, Any], weeks: int) -> int:
    """Pence a year of a bid's lines, less its discount (BC 8.5)."""
    lines = [
        PriceLine(LineKind(line["kind"]), Basis(line["basis"]), line["amount_pence"])
        for line in content.get("lines", ())
    ]
    return scoring.annual_price(lines, content.get("discount", 0), weeks)


def case_of(referral: Referral, bids: Sequence[Bid], grades: Grades) -> Json:
    """The referral and its bids in the format that `score_case` reads (scoring.md)."""
    asked = {
        "needs": [_marked(row) for row in Need.objects.filter(referral_id=referral.id)],
        "features": [_feature(row) for row in Feature.objects.filter(referral_id=referral.id)],
        "outcomes": [_marked(row) for row in Outcome.objects.filter(referral_id=referral.id)],
    }
    return {
        "reference": referral.reference,
        "weights": {name: show_hundredths(getattr(referral, f"weight_{name}")) for name in WEIGHTS},
        "weeks_per_year": referral.weeks_per_year,
        **asked,
        "bids": [_bid(bid, asked, grades, graded=bool(referral.weight_incentive)) for bid in bids],
    }


def _bid(bid: Bid, asked: Mapping[str, list[Json]], grades: Grades, *, graded: bool) -> Json:
    outcomes = [row["key"] for row in asked["outcomes"]]
    return {
        "id": str(bid.id),
        "price_lines": [
            {
                "kind": line["kind"],
                "basis": line["basis"],
                "amount": in_pounds(line["amount_pence"]),
            }
            for line in bid.content.get("lines", ())
        ],
        "discount_percent": show_hundredths(bid.content.get("discount", 0)),
        "distance_miles": show_hundredths(NOWHERE if bid.distance is None else bid.distance),
        "needs_met": _ticked(bid.content.get("needs_met", ()), asked["needs"]),
        "features_met": _ticked(bid.content.get("features_met", ()), asked["features"]),
        "outcome_grades": {key: grades[bid.id, key] for key in outcomes},
        "core_competency": show_hundredths(bid.competency or 0),
        "incentive_grade": grades[bid.id, INCENTIVE_KEY] if graded else None,
    }


def _ticked(ticks: Sequence[str], asked: list[Json]) -> list[str]:
    """Each tick once, in the order asked; one for something that was not asked counts nothing."""
    return [row["key"] for row in asked if row["key"] in ticks]


def _marked(row: Need | Outcome | Feature) -> Json:
    return {"key": row.key, "marks": row.marks}


def _feature(row: Feature) -> Json:
    return {**_marked(row), "kind": row.kind, "essential": row.is_essential}


def _essential_keys(referral: Referral) -> frozenset[str]:
    rows = Feature.objects.filter(referral_id=referral.id, is_essential=True)
    return frozenset(rows.values_list("key", flat=True))


def _home(referral: Referral, *, actor: Actor, now: datetime) -> GridPoint | None:
    identity = ChildIdentity.objects.filter(referral_id=referral.id).first()
    if identity is None or not identity.point:
        return None
    facts = {"why": "the distance of each bid from the home"}
    audit.record(Act("child.home_read", referral, facts), actor=actor, at=now)
    return home_of(identity)


def _distance(home: GridPoint | None, bid: Bid) -> int | None:
    place = bid.establishment
    if home is None or place.easting is None or place.northing is None:
        return None
    return home.hundredths_of_a_mile_to(GridPoint(place.easting, place.northing))
