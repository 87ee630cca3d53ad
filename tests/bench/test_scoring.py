"""Scoring: 65 ms for a thousand bids with all that explains them (performance.md 3, 6)."""

from __future__ import annotations

import json
import random

from referrals.scoring_case import read_json, score_case
from tests.bench.measuring import measured

OUTCOMES = ("outcome-1", "outcome-2")
NEEDS = tuple(f"need-{n}" for n in range(1, 7))
FEATURES = tuple(f"feature-{n}" for n in range(1, 5))


def test_one_case_of_ten_thousand_bids():
    content = json.dumps(case(bids=10_000)).encode()

    with measured(
        "Scoring: one case of 10,000 bids, from its file",
        10_000,
        goal="under 0.65 s",
        with_database=False,
    ):
        scored = score_case(read_json(content))

    assert sorted(bid["rank"] for bid in scored["bids"]) == list(range(1, 10_001))


def test_a_thousand_cases_of_ten_bids():
    cases = [case(bids=10, seed=seed) for seed in range(1_000)]

    with measured("Scoring: 1,000 cases of 10 bids", 10_000, goal="under 5 s", with_database=False):
        ranked = [score_case(one)["ranking"] for one in cases]

    assert all(len(ranking) == 10 for ranking in ranked)


def case(*, bids: int, seed: int = 0):
    chance = random.Random(seed)
    weights = {
        "price": "50.00", "outcomes": "15.00", "needs": "10.00", "features": "5.00",
        "location": "5.00", "core_competency": "15.00", "incentive": "0.00",
    }  # fmt: skip
    return {
        "reference": f"BENCH-{seed}",
        "weights": weights,
        "weeks_per_year": 38,
        "needs": [{"key": key, "marks": n} for n, key in enumerate(NEEDS, 1)],
        "features": [
            {"key": key, "kind": "desirable", "marks": n, "essential": False}
            for n, key in enumerate(FEATURES, 1)
        ],
        "outcomes": [{"key": key, "marks": 3} for key in OUTCOMES],
        "bids": [_bid(n, chance) for n in range(bids)],
    }


def _bid(number: int, chance: random.Random):
    amounts = [("core", "year", chance.randrange(1_000, 9_000)) for _ in range(9)]
    amounts += [("variable", "week", chance.randrange(50, 400)) for _ in range(3)]
    return {
        "id": f"bid-{number}",
        "price_lines": [
            {"kind": kind, "basis": basis, "amount": f"{pounds}.00"}
            for kind, basis, pounds in amounts
        ],
        "discount_percent": "2.50",
        "distance_miles": f"{chance.randrange(0, 30)}.{chance.randrange(0, 100):02}",
        "needs_met": [key for key in NEEDS if chance.random() < 0.8],
        "features_met": [key for key in FEATURES if chance.random() < 0.7],
        "outcome_grades": {key: chance.randrange(6) for key in OUTCOMES},
        "core_competency": f"{chance.randrange(40, 100)}.00",
        "incentive_grade": None,
    }
