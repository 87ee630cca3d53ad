"""Stage 1: facts beside claims, who is told at once what to do, and who may go on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.exclusions import Verdict
from qualification.scoring import SHIPPED_RULES
from qualification.stage_one import (
    Finding,
    Inspected,
    Register,
    Result,
    Said,
    counts_for,
    of_exclusions,
    of_inspection,
    of_question,
    of_registration,
    opens_stage_two,
    outcome,
)

TODAY = date(2026, 11, 2)
RULES = tuple(SHIPPED_RULES.values())
SHARED = Said(passes=True, note="One of our homes is good since June.", is_own=False)
YES, NO, NOTHING = Said(passes=True), Said(passes=False), Said()
OPEN = Register(is_open=True, number="123456")


def inspected(result, scale="ofsted_social_care"):
    return Inspected("Ofsted", scale, result, date(2026, 3, 2))


def judged(said, latest):
    return of_inspection(said, latest, rules=RULES, on=TODAY).result


@pytest.mark.parametrize(
    ("declared", "result"),
    [
        (None, Result.UNANSWERED),
        (Verdict.CLEAR, Result.PASSES),
        (Verdict.LOOK_AT, Result.LOOK_AT),
        (Verdict.FAILS, Result.FAILS),
    ],
)
def test_exclusions(declared, result):
    assert of_exclusions(declared).result is result


@pytest.mark.parametrize(
    ("said", "register", "result"),
    [
        (NOTHING, OPEN, Result.UNANSWERED),
        (YES, OPEN, Result.PASSES),
        (NO, OPEN, Result.FAILS),
        (YES, Register(is_open=True), Result.LOOK_AT),
        (YES, Register(is_open=True, number="123456", lists_its_kind=False), Result.LOOK_AT),
        (YES, Register(is_open=False, number="123456"), Result.FAILS),
        (NOTHING, Register(is_open=False), Result.FAILS),
    ],
)
def test_registration(said, register, result):
    assert of_registration(said, register).result is result


@pytest.mark.parametrize(
    ("said", "latest", "result"),
    [
        (NOTHING, None, Result.UNANSWERED),
        (YES, None, Result.LOOK_AT),
        (NO, None, Result.FAILS),
        (NOTHING, inspected("good"), Result.UNANSWERED),
        (YES, inspected("good"), Result.PASSES),
        (NO, inspected("good"), Result.FAILS),
        (YES, inspected("inadequate"), Result.FAILS),
        (Said(passes=True, note="Good since June."), inspected("inadequate"), Result.LOOK_AT),
        (Said(passes=True, note=" "), inspected("inadequate"), Result.FAILS),
        (SHARED, inspected("inadequate"), Result.FAILS),
        (SHARED, inspected("good"), Result.PASSES),
        (SHARED, None, Result.LOOK_AT),
        (Said(passes=False, note="Good since June."), inspected("inadequate"), Result.FAILS),
        (NOTHING, inspected("inadequate"), Result.UNANSWERED),
        (YES, inspected("good", "unheard of"), Result.LOOK_AT),
        (NO, inspected("good", "unheard of"), Result.FAILS),
        (NOTHING, inspected("good", "unheard of"), Result.UNANSWERED),
    ],
)
def test_inspection(said, latest, result):
    assert judged(said, latest) is result


def test_what_fails_says_which_result_and_what_to_do():
    found = of_inspection(YES, inspected("inadequate"), rules=RULES, on=TODAY)

    assert found.words == (
        "Ofsted on 2 March 2026: inadequate. It does not pass: overall experiences and progress:"
        " inadequate."
    )
    assert found.what_to_do.startswith("You can go on as soon as a new inspection passes.")


def test_a_visit_of_a_council_answers_its_own_question_alone():
    assert [
        (counts_for(code, scale))
        for code in ("quality_assurance", "inspection")
        for scale in ("authority_quality_assurance", "ofsted_social_care")
    ] == [True, False, False, True]


FINDINGS = st.lists(st.builds(Finding, st.sampled_from(list(Result))))


@given(FINDINGS)
def test_the_order_of_the_questions_never_matters(findings):
    assert outcome(findings) is outcome(list(reversed(findings)))


@given(FINDINGS, st.builds(Finding, st.sampled_from(list(Result))))
def test_another_question_never_opens_stage_2(findings, more):
    if opens_stage_two(outcome([*findings, more])):
        assert opens_stage_two(outcome(findings))


@given(FINDINGS)
def test_stage_2_opens_when_all_is_answered_and_nothing_fails(findings):
    results = {each.result for each in findings}

    assert opens_stage_two(outcome(findings)) == (results <= {Result.PASSES, Result.LOOK_AT})


def test_nothing_asked_is_nothing_to_fail():
    assert (outcome([]), of_question(YES).result) == (Result.PASSES, Result.PASSES)
