"""An award in words, and a letter as a page shows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dps.clock import show_instant
from dps.hundredths import show_hundredths
from dps.money import show
from referrals.low_price import LowPrice
from referrals.models import Award
from referrals.presenters.choice import told
from referrals.queries.choice import all_answers
from referrals.queries.evaluation import latest_evaluation
from referrals.services.awarding import Candidate


def low_price_words(signs: LowPrice) -> str:
    """What makes the price look too low, in a sentence; empty where nothing does."""
    below = [
        *(["half of the middle price of all bids"] if signs.below_bids else []),
        *(["half of this establishment’s own core costs"] if signs.below_costs else []),
    ]
    return f"The price is less than {' and less than '.join(below)}." if below else ""


def candidate_rows(candidate: Candidate) -> list[dict[str, Any]]:
    bid = candidate.bid
    return [
        {"key": "Establishment", "value": bid.establishment.name},
        {"key": "Provider", "value": bid.provider.name},
        {"key": "Why this one", "value": candidate.words},
        {"key": "Rank", "value": str(bid.rank)},
        {"key": "Total", "value": f"{show_hundredths(bid.total or 0)} of 100"},
        {"key": "Price a year", "value": show(bid.annual_price_pence or 0)},
    ]


def _answers(referral_id: UUID) -> list[str]:
    evaluation = latest_evaluation(referral_id)
    newest = evaluation.number if evaluation else 0
    return [
        told(one, is_earlier=one.offer.evaluation_number < newest)
        for one in all_answers(referral_id)
    ]


def award_rows(award: Award) -> list[dict[str, Any]]:
    why = "The parent’s choice" if award.by_choice else "First in the ranking"
    answers = _answers(award.referral_id)
    return [
        {"key": "Establishment", "value": award.establishment.name},
        {"key": "Provider", "value": award.provider.name},
        {"key": "Why this one", "value": why},
        # An officer may write down what a parent says: who approves sees what it took the place of.
        *([{"key": "The parent’s answers", "value": answers}] if answers else []),
        {"key": "Price a year", "value": show(award.annual_value_pence)},
        {
            "key": "Recommended by",
            "value": f"{award.recommended_by.name}, {show_instant(award.recommended_at)}",
        },
        {"key": "Their reason", "value": award.reason},
    ]
