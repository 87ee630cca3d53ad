"""Exclusion grounds: what a declared one means, and by when it no longer counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.exclusions import (
    BY_CODE,
    GROUNDS,
    Declared,
    GroundKind,
    Verdict,
    judge,
    judge_one,
    long_enough_ago,
)

# As the form of the Central Digital Platform has them (rules.md 2).
MANDATORY = (
    "adjustments_for_tax_arrangements",
    "competition_law_infringements",
    "defeat_in_respect",
    "failure_to_cooperate",
    "finding_by_HMRC",
    "penalties_for_transactions",
    "penalties_payable",
    "ancillary_offences_aiding",
    "cartel_offences",
    "corporate_manslaughter",
    "labour_market",
    "organised_crime",
    "tax_offences",
    "terrorism_and_offences",
    "theft_fraud",
)
DISCRETIONARY = (
    "acting_improperly",
    "breach_of_contract",
    "environmental_misconduct",
    "infringement_of_competition",
    "insolvency_bankruptcy",
    "labour_market_misconduct",
    "potential_competition_law_infringements",
    "professional_misconduct",
    "substantial_part_business",
)
TODAY = date(2026, 11, 2)


def test_every_code_of_the_rules_has_its_words():
    assert sorted(e.code for e in GROUNDS if e.kind is GroundKind.MANDATORY) == sorted(MANDATORY)
    others = sorted(e.code for e in GROUNDS if e.kind is GroundKind.DISCRETIONARY)
    assert others == sorted(DISCRETIONARY)
    assert len({each.words for each in GROUNDS}) == len(GROUNDS)


@pytest.mark.parametrize(
    ("kind", "ended", "on", "is_over"),
    [
        (GroundKind.MANDATORY, date(2021, 11, 2), TODAY, True),
        (GroundKind.MANDATORY, date(2021, 11, 3), TODAY, False),
        (GroundKind.DISCRETIONARY, date(2023, 11, 2), TODAY, True),
        (GroundKind.DISCRETIONARY, date(2023, 11, 3), TODAY, False),
        (GroundKind.DISCRETIONARY, date(2024, 2, 29), date(2027, 2, 28), False),
        (GroundKind.DISCRETIONARY, date(2024, 2, 29), date(2027, 3, 1), True),
    ],
)
def test_a_period_has_run_on_its_anniversary(kind, ended, on, is_over):
    assert long_enough_ago(kind, ended, on) is is_over


CODES = st.sampled_from(sorted(BY_CODE))
DAYS = st.one_of(st.none(), st.dates(date(2000, 2, 29), TODAY))
DECLARED = st.builds(Declared, CODES, DAYS, st.sampled_from(["", " ", "Paid."]))


@given(st.lists(DECLARED))
def test_the_worst_stands_for_all_and_order_never_matters(declared):
    verdict = judge(declared, TODAY)

    assert verdict == judge(list(reversed(declared)), TODAY)
    each = {judge_one(one, TODAY) for one in declared}
    assert (verdict is Verdict.FAILS) == (Verdict.FAILS in each)
    assert (verdict is Verdict.CLEAR) == (not declared)


@given(DECLARED)
def test_saying_how_it_was_put_right_never_hurts(declared):
    put_right = Declared(declared.code, declared.ended_on, "All was paid back.")

    assert judge_one(put_right, TODAY) is Verdict.LOOK_AT


@given(DECLARED, st.integers(0, 4000))
def test_time_never_hurts(declared, days):
    later = TODAY + timedelta(days=days)

    if judge_one(declared, TODAY) is Verdict.LOOK_AT:
        assert judge_one(declared, later) is Verdict.LOOK_AT
