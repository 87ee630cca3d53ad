"""
The grounds for exclusion in plain words, and what a declared one means. Pure (rules.md 2).

A provider is not shut out for something that was put right, or that ended long enough ago: an
officer looks at it. How long is long enough is data: the regulation's own periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class GroundKind(StrEnum):
    MANDATORY = "mandatory"
    DISCRETIONARY = "discretionary"


@dataclass(frozen=True, slots=True)
class ExclusionGround:
    code: str
    kind: GroundKind
    words: str
    """What a person ticks: "Bribery, corruption or conspiracy"."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LookBack:
    """For how many years after they ended circumstances count, and where that is laid down."""

    years: int
    source: str


LOOK_BACK: Mapping[GroundKind, LookBack] = MappingProxyType(
    {
        GroundKind.MANDATORY: LookBack(5, "Public Contracts Regulations 2015, regulation 57(11)"),
        GroundKind.DISCRETIONARY: LookBack(
            3, "Public Contracts Regulations 2015, regulation 57(12)"
        ),
    }
)

_M, _D = GroundKind.MANDATORY, GroundKind.DISCRETIONARY
GROUNDS = (
    ExclusionGround(
        "theft_fraud", _M, "Theft, fraud, bribery or money laundering", "A conviction for it"
    ),
    ExclusionGround(
        "tax_offences", _M, "Tax offences", "A conviction for evading tax or cheating the revenue"
    ),
    ExclusionGround(
        "labour_market",
        _M,
        "Slavery, human trafficking or other labour market offences",
        "A conviction, or an order by a court to stop",
    ),
    ExclusionGround("organised_crime", _M, "Taking part in organised crime", "A conviction for it"),
    ExclusionGround(
        "terrorism_and_offences",
        _M,
        "Terrorism, and offences that have a terrorist connection",
        "A conviction for it",
    ),
    ExclusionGround(
        "corporate_manslaughter", _M, "Corporate manslaughter or homicide", "A conviction for it"
    ),
    ExclusionGround(
        "cartel_offences", _M, "Agreeing prices or bids with competitors", "A conviction for it"
    ),
    ExclusionGround(
        "ancillary_offences_aiding",
        _M,
        "Helping, encouraging or planning any of these offences",
        "A conviction for it",
    ),
    ExclusionGround(
        "penalties_payable", _M, "A penalty for tax that was not paid", "It has become payable"
    ),
    ExclusionGround(
        "penalties_for_transactions",
        _M,
        "A penalty for dealings that were connected with tax fraud",
        "For example in VAT",
    ),
    ExclusionGround(
        "finding_by_HMRC",
        _M,
        "A finding by HM Revenue and Customs of abusive tax arrangements",
    ),
    ExclusionGround(
        "defeat_in_respect",
        _M,
        "Tax arrangements that a tribunal or court found not to work",
        "And that had to be notified as tax avoidance",
    ),
    ExclusionGround(
        "adjustments_for_tax_arrangements",
        _M,
        "Tax that was adjusted because arrangements were abusive",
        "A tribunal or court has upheld it, or nobody has appealed",
    ),
    ExclusionGround(
        "competition_law_infringements",
        _M,
        "A cartel that the competition authority has found",
        "Without a conviction",
    ),
    ExclusionGround(
        "failure_to_cooperate",
        _M,
        "Not co-operating with an investigation into national security or debarment",
    ),
    ExclusionGround(
        "labour_market_misconduct",
        _D,
        "Misconduct towards workers",
        "For example forced labour or unpaid wages, without a conviction",
    ),
    ExclusionGround(
        "environmental_misconduct", _D, "Serious harm to the environment", "A conviction for it"
    ),
    ExclusionGround(
        "insolvency_bankruptcy",
        _D,
        "Insolvency or bankruptcy",
        "Also an administrator, or an arrangement with those who are owed money",
    ),
    ExclusionGround("substantial_part_business", _D, "Having stopped all or most of the business"),
    ExclusionGround(
        "potential_competition_law_infringements",
        _D,
        "Agreements that may have broken competition law",
        "For example with another bidder about a bid",
    ),
    ExclusionGround(
        "infringement_of_competition",
        _D,
        "A decision by a competition authority that competition law was broken",
    ),
    ExclusionGround(
        "professional_misconduct",
        _D,
        "Professional misconduct that puts your integrity in question",
        "For example a bar from teaching or from managing a school or home",
    ),
    ExclusionGround(
        "breach_of_contract",
        _D,
        "A public contract that was ended, or led to damages, because you broke it",
    ),
    ExclusionGround(
        "acting_improperly",
        _D,
        "Acting improperly in procurement",
        "For example withheld or misleading information, or undue influence",
    ),
)
BY_CODE: Mapping[str, ExclusionGround] = MappingProxyType({each.code: each for each in GROUNDS})


NONE_APPLY = "None of the exclusion grounds applies."


class Verdict(StrEnum):
    CLEAR = "clear"
    LOOK_AT = "look_at"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Declared:
    """One ground as it was declared."""

    code: str
    ended_on: date | None
    put_right: str


def long_enough_ago(kind: GroundKind, ended_on: date, on: date) -> bool:
    """Whether the whole period has run; it has on the anniversary, a leap day's on 1 March."""
    years = LOOK_BACK[kind].years
    try:
        anniversary = ended_on.replace(year=ended_on.year + years)
    except ValueError:
        anniversary = date(ended_on.year + years, 3, 1)
    return on >= anniversary


def judge_one(declared: Declared, on: date) -> Verdict:
    """
    Looked at by an officer if it was put right or ended long enough ago, else it fails (Q2).

    :raises KeyError: there is no such ground.
    """
    ground = BY_CODE[declared.code]
    is_over = declared.ended_on is not None and long_enough_ago(ground.kind, declared.ended_on, on)
    return Verdict.LOOK_AT if is_over or declared.put_right.strip() else Verdict.FAILS


def judge(grounds: Iterable[Declared], on: date) -> Verdict:
    """The worst of all that was declared; clear if nothing was."""
    found = {judge_one(each, on) for each in grounds}
    for verdict in (Verdict.FAILS, Verdict.LOOK_AT):
        if verdict in found:
            return verdict
    return Verdict.CLEAR
