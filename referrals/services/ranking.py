"""Ranking: scoring on exactly the stored inputs, frozen with its hash (R10, A1, T5)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.audit.record import canonical
from dps.hundredths import hundredths
from dps.refusals import Refusal
from dps.services.messages import Letter, send
from referrals.models import Bid, ConsensusGrade, Evaluation, Referral
from referrals.models.referral import WEIGHTS
from referrals.queries.evaluation import bids_of, latest_evaluation, suspended_since_opening
from referrals.scoring_case import differences, score_case
from referrals.services.scoring_run import Grades, case_of, save_columns
from referrals.services.stages import move
from referrals.states import ReferralStep

SUSPENDED = "The establishment was suspended after the bids were opened and before the award"
NOBODY: dict[str, Any] = {"bids": [], "ranking": [], "near_tie": []}
"""What scoring would say of no bids at all."""


class SuspendedSinceRanking(Refusal):
    message = (
        "An establishment in the ranking has been suspended. Rank the bids again without it first"
    )


def rank(referral: Referral, *, step: ReferralStep, actor: Actor, now: datetime) -> Evaluation:
    """
    Score and rank the bids that are still in, and freeze inputs and results (scoring.md).

    The caller holds the lock on the referral and has asked for permission.

    :raises IllegalTransition: the referral is not at that stage.
    """
    bids = bids_of(referral.id)
    out = suspended_since_opening(referral, [bid.establishment_id for bid in bids], now=now)
    for bid in bids:
        if bid.establishment_id in out:
            bid.set_aside_reason = SUSPENDED
    case = case_of(referral, [bid for bid in bids if not bid.set_aside_reason], _agreed(referral))
    results = _results(case)
    _write_scores(bids, results)
    evaluation = _freeze(referral, case, results, now=now)
    referral.ranked_at = now
    move(referral, step, "ranked_at")

    facts = {
        "number": evaluation.number,
        "sha256": evaluation.sha256,
        "ranking": results["ranking"],
        "near_tie": results["near_tie"],
        "set_aside": sorted(str(bid.id) for bid in bids if bid.set_aside_reason),
    }
    audit.record(Act("evaluation.frozen", evaluation, facts), actor=actor, at=now)
    send(
        Letter(
            "referrals/ranked",
            referral.raised_by_id,
            {"reference": referral.reference, "referral_id": str(referral.id)},
        ),
        key=f"ranked:{referral.id}:{evaluation.number}",
        authority_id=referral.authority_id,
        now=now,
    )
    return evaluation


def is_stale(referral: Referral, *, now: datetime) -> bool:
    """Whether an establishment in the ranking has been suspended since the opening."""
    rows = Bid.objects.filter(referral_id=referral.id, rank__isnull=False)
    ranked = list(rows.values_list("establishment_id", flat=True))
    return bool(suspended_since_opening(referral, ranked, now=now))


def refuse_if_stale(referral: Referral, *, now: datetime) -> None:
    """:raises SuspendedSinceRanking: a ranked establishment has been suspended since."""
    if is_stale(referral, now=now):
        raise SuspendedSinceRanking


def problems_of(evaluation: Evaluation) -> Iterator[str]:
    """Recompute a frozen evaluation: its hash, results, and the scores on the bids."""
    if _sha256(evaluation.inputs, evaluation.results) != evaluation.sha256:
        yield "the hash does not match the inputs and results"
    frozen = json.loads(evaluation.results)
    yield from differences(frozen, _results(json.loads(evaluation.inputs)), "results")
    newest = latest_evaluation(evaluation.referral_id)
    if newest is not None and newest.id == evaluation.id:
        by_id = _by_id(frozen)
        for bid in bids_of(evaluation.referral_id):
            expected = _columns(by_id.get(str(bid.id)))
            actual = {name: getattr(bid, name) for name in expected}
            yield from differences(expected, actual, bid.label)


def _agreed(referral: Referral) -> Grades:
    rows = ConsensusGrade.objects.filter(referral_id=referral.id)
    return {(row.bid_id, row.key): row.grade for row in rows}


def _results(case: Mapping[str, Any]) -> dict[str, Any]:
    return score_case(case) if case["bids"] else NOBODY


def _write_scores(bids: list[Bid], results: Mapping[str, Any]) -> None:
    # Ranks are unique at every moment, so the old ones go first.
    Bid.objects.filter(id__in=[bid.id for bid in bids]).update(rank=None)
    by_id = _by_id(results)
    for bid in bids:
        for name, value in _columns(by_id.get(str(bid.id))).items():
            setattr(bid, name, value)
    save_columns(bids, ("set_aside_reason", "scores", "quality", "total", "rank"))


def _by_id(results: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["id"]: one for one in results["bids"]}


def _columns(found: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a bid's columns say of one result, in hundredths; nothing for a bid without scores."""
    if found is None or "scores" not in found:
        return {"scores": {}, "quality": None, "total": None, "rank": None}
    return {
        "scores": {name: hundredths(found["scores"][name]) for name in WEIGHTS},
        "quality": hundredths(found["quality"]),
        "total": hundredths(found["total"]),
        "rank": found["rank"],
    }


def _freeze(
    referral: Referral, case: Mapping[str, Any], results: Mapping[str, Any], *, now: datetime
) -> Evaluation:
    before = latest_evaluation(referral.id)
    inputs, outcome = canonical(case), canonical(results)
    return Evaluation.objects.create(
        authority_id=referral.authority_id,
        referral_id=referral.id,
        number=before.number + 1 if before else 1,
        inputs=inputs,
        results=outcome,
        sha256=_sha256(inputs, outcome),
        near_tie=[UUID(bid_id) for bid_id in results["near_tie"]],
        frozen_at=now,
    )


def _sha256(inputs: str, results: str) -> str:
    return hashlib.sha256(f"{inputs}\n{results}".encode()).hexdigest()
