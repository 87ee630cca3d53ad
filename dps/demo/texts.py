"""
The words of the demo region: children's profiles, statements, reasons, notes.

Every child is invented. The texts are in the TOML files of ``data``, read once and typed here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).resolve().parent / "data"
_REFERRALS = (
    "referrals-sussex.toml",
    "referrals-surrey-kent.toml",
    "referrals-medway-essex.toml",
)

OUTCOMES_FRAMEWORK = {
    "wellbeing": "Well in body and mind",
    "safety": "Safe and secure",
    "learning": "Learning and achieving",
    "independence": "Confident and independent",
    "belonging": "Belonging and contributing",
}
"""The five components that the demo region uses (BC 2.6, 7.4 name them only in number)."""

CRITERIA = {
    "workforce": "Workforce",
    "outcomes": "Working to the outcomes framework",
    "contract_management": "Contract management and performance monitoring",
    "young_people": "The young people's question",
}
"""The scored criteria of an application (BC 6.3, 7.4)."""


@dataclass(frozen=True, slots=True)
class DemoNeed:
    key: str
    words: str
    marks: int


@dataclass(frozen=True, slots=True)
class DemoFeature:
    """``kind`` is must_have or desirable; only a must-have is ever essential."""

    key: str
    words: str
    kind: str
    marks: int
    essential: bool


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """``component`` is a key of the outcomes framework."""

    key: str
    component: str
    words: str
    marks: int


@dataclass(frozen=True, slots=True)
class DemoReferral:
    """One invented child's referral. ``miles`` is the limit; days count from today."""

    key: str
    authority: str
    category: str
    home_postcode: str
    age: int
    miles: int
    weeks: int
    starts_in_days: int
    profile: str
    strengths: str
    own_words: str
    needs: tuple[DemoNeed, ...]
    features: tuple[DemoFeature, ...]
    outcomes: tuple[DemoOutcome, ...]


@dataclass(frozen=True, slots=True)
class BidStatement:
    """A bid's method statement and about the grade that it deserves."""

    key: str
    grade: int
    words: str


@dataclass(frozen=True, slots=True)
class QualificationStatement:
    """An application's answer to one scored criterion and about the grade that it deserves."""

    criterion: str
    grade: int
    words: str


@dataclass(frozen=True, slots=True)
class DeclineReason:
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question and its answer to all; ``about`` is referral or process."""

    about: str
    question: str
    answer: str


@cache
def referrals() -> tuple[DemoReferral, ...]:
    """The 25 referrals, by area."""
    return tuple(_referral(table) for name in _REFERRALS for table in _tables(name, "referral"))


@cache
def bid_statements() -> tuple[BidStatement, ...]:
    """Method statements of bids, the best first."""
    return tuple(BidStatement(**table) for table in _tables("bid-statements.toml", "statement"))


@cache
def qualification_statements(criterion: str) -> tuple[QualificationStatement, ...]:
    """Answers to one criterion, the best first."""
    tables = _tables("qualification-statements.toml", "statement")
    return tuple(
        QualificationStatement(**table) for table in tables if table["criterion"] == criterion
    )


@cache
def family_words() -> tuple[str, ...]:
    """What schools say to families that may choose."""
    return tuple(table["text"] for table in _tables("family-words.toml", "words"))


@cache
def decline_reasons() -> tuple[DeclineReason, ...]:
    """Why a provider declines an invitation."""
    return tuple(DeclineReason(**table) for table in _tables("phrases.toml", "decline"))


@cache
def clarifications(about: str) -> tuple[Clarification, ...]:
    """Questions and answers about a referral or about the process."""
    tables = _tables("phrases.toml", "question")
    return tuple(Clarification(**table) for table in tables if table["about"] == about)


@cache
def decision_reasons(about: str) -> tuple[str, ...]:
    """Reasons recorded with a decision: award, rejected, suspended, reinstated and so on."""
    tables = _tables("phrases.toml", "decision")
    return tuple(table["words"] for table in tables if table["about"] == about)


@cache
def evaluator_notes(grade: int) -> tuple[str, ...]:
    """Notes that go with a grade from 0 to 5."""
    tables = _tables("phrases.toml", "note")
    return tuple(table["words"] for table in tables if table["grade"] == grade)


@cache
def statement_note(grade: int) -> str:
    """What is said of a method statement that earned a grade from 0 to 5."""
    tables = _tables("phrases.toml", "statement")
    return next(table["words"] for table in tables if table["grade"] == grade)


@cache
def consensus_notes() -> tuple[str, ...]:
    """Notes of a moderated consensus."""
    return tuple(table["words"] for table in _tables("phrases.toml", "consensus"))


def _tables(name: str, key: str) -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = tomllib.loads((_DATA / name).read_text(encoding="utf-8"))[key]
    return tables


def _referral(table: dict[str, Any]) -> DemoReferral:
    return DemoReferral(
        key=table["key"],
        authority=table["authority"],
        category=table["category"],
        home_postcode=table["home"],
        age=table["age"],
        miles=table["miles"],
        weeks=table["weeks"],
        starts_in_days=table["starts_in_days"],
        profile=table["profile"],
        strengths=table["strengths"],
        own_words=table["own_words"],
        needs=tuple(
            DemoNeed(f"need-{number}", words, marks)
            for number, (words, marks) in enumerate(table["needs"], 1)
        ),
        features=tuple(
            DemoFeature(f"feature-{number}", words, kind, marks, essential)
            for number, (words, kind, marks, essential) in enumerate(table["features"], 1)
        ),
        outcomes=tuple(
            DemoOutcome(f"outcome-{number}", component, words, marks)
            for number, (component, words, marks) in enumerate(table["outcomes"], 1)
        ),
    )
