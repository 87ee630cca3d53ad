from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.scoring import (
    SHIPPED_RULES,
    CannotBeScored,
    Graded,
    InspectionResult,
    NoRuleInForce,
    PassRule,
    Requirement,
    Scale,
    Verdict,
    passes,
    statement_score,
)

TODAY = date(2026, 8, 1)
LAST_MONTH = date(2026, 7, 1)


@st.composite
def statements(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 100_00), min_size=0, max_size=5)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100_00], strict=True)]
    return [Graded(f"s{n}", weight, draw(st.integers(0, 5))) for n, weight in enumerate(weights)]


def test_worked_example_in_the_qualification_guide():
    graded = [
        Graded("workforce", 33_33, 4),
        Graded("outcomes", 33_33, 3),
        Graded("monitoring", 23_33, 2),
        Graded("young people", 10_01, 5),
    ]

    assert statement_score(graded) == 66_00


@pytest.mark.parametrize(("grade", "expected"), [(0, 0), (1, 20_00), (5, 100_00)])
def test_one_statement_carries_its_grade(grade, expected):
    assert statement_score([Graded("only", 100_00, grade)]) == expected


@given(statements())
def test_score_is_the_exact_sum_rounded_half_up_once(graded):
    exact = sum(Fraction(each.weight * each.grade, 5) for each in graded)

    score = statement_score(graded)

    assert Fraction(-1, 2) <= exact - score < Fraction(1, 2)
    assert 0 <= score <= 100_00
    assert statement_score(reversed(graded)) == score


@given(statements(), st.data())
def test_a_better_grade_never_lowers_the_score(graded, data):
    index = data.draw(st.integers(0, len(graded) - 1))
    each = graded[index]
    better = Graded(each.key, each.weight, min(5, each.grade + 1))

    assert statement_score([*graded[:index], better, *graded[index + 1 :]]) >= statement_score(
        graded
    )


@pytest.mark.parametrize(
    ("graded", "words", "field"),
    [
        ([Graded("a", 99_99, 3)], "The weights add up to 99.99, not 100", ""),
        ([], "The weights add up to 0.00, not 100", ""),
        ([Graded("a", 100_00, 6)], "The grade must be a whole number from 0 to 5", "a"),
        ([Graded("a", 100_00, -1)], "The grade must be a whole number from 0 to 5", "a"),
        (
            [Graded("a", 101_00, 1), Graded("b", -1_00, 1)],
            "The weight must not be below 0",
            "b",
        ),
    ],
)
def test_what_does_not_add_up_is_refused(graded, words, field):
    with pytest.raises(CannotBeScored) as refusal:
        statement_score(graded)

    assert (str(refusal.value), refusal.value.field) == (words, field)


def judged(scale, judgements, *, inspected_on=LAST_MONTH, on=TODAY):
    result = InspectionResult(scale, inspected_on, judgements)
    return passes(scale, result, SHIPPED_RULES.values(), on).failures


CARD = {"safeguarding": "met", "inclusion": "needs attention", "achievement": "exceptional"}
INDEPENDENT = CARD | {"independent school standards": "met"}


@pytest.mark.parametrize(
    ("scale", "judgements", "failures"),
    [
        (Scale.OFSTED_REPORT_CARD, CARD, ()),
        (Scale.OFSTED_REPORT_CARD, CARD | {"safeguarding": "not met"}, ("safeguarding: not met",)),
        (
            Scale.OFSTED_REPORT_CARD,
            {"attendance and behaviour": "urgent improvement"},
            ("safeguarding: not judged", "attendance and behaviour: urgent improvement"),
        ),
        (Scale.OFSTED_REPORT_CARD, CARD | {"inclusion": "good"}, ("inclusion: good",)),
        (Scale.OFSTED_INDEPENDENT_SCHOOL, INDEPENDENT, ()),
        (
            Scale.OFSTED_INDEPENDENT_SCHOOL,
            INDEPENDENT | {"independent school standards": "not met"},
            ("independent school standards: not met",),
        ),
        (
            Scale.OFSTED_INDEPENDENT_SCHOOL,
            INDEPENDENT | {"independent school standards": "not met", "action plan": "accepted"},
            (),
        ),
        (
            Scale.OFSTED_INDEPENDENT_SCHOOL,
            INDEPENDENT | {"independent school standards": "not met", "action plan": "refused"},
            ("independent school standards: not met",),
        ),
        (Scale.OFSTED_OVERALL_GRADE, {"overall effectiveness": "requires improvement"}, ()),
        (
            Scale.OFSTED_OVERALL_GRADE,
            {"overall effectiveness": "inadequate"},
            ("overall effectiveness: inadequate",),
        ),
        (
            Scale.OFSTED_SOCIAL_CARE,
            {"overall experiences and progress": "requires improvement to be good"},
            (),
        ),
        (
            Scale.OFSTED_SOCIAL_CARE,
            {"overall experiences and progress": "inadequate"},
            ("overall experiences and progress: inadequate",),
        ),
        (Scale.OFSTED_SUPPORTED_ACCOMMODATION, {"overall": "inconsistent"}, ()),
        (
            Scale.OFSTED_SUPPORTED_ACCOMMODATION,
            {"overall": "serious or widespread weaknesses"},
            ("overall: serious or widespread weaknesses",),
        ),
        (
            Scale.ISI_FRAMEWORK,
            {"leadership and governance": "met", "safeguarding": "met", "education": "not met"},
            (),
        ),
        (
            Scale.ISI_FRAMEWORK,
            {"leadership and governance": "not met", "safeguarding": "not met"},
            ("leadership and governance: not met", "safeguarding: not met"),
        ),
        (
            Scale.AUTHORITY_QUALITY_ASSURANCE,
            {"national standards": "met", "single central record": "met"},
            (),
        ),
    ],
)
def test_a_result_is_judged_on_its_own_scale(scale, judgements, failures):
    assert judged(scale, judgements) == failures


@pytest.mark.parametrize(
    ("inspected_on", "failures"),
    [
        (date(2025, 8, 2), ()),
        (date(2025, 8, 1), ("The inspection is 12 months old or older",)),
        (date(2026, 8, 1), ()),
        (date(2026, 8, 2), ("The inspection is dated in the future",)),
    ],
)
def test_quality_assurance_counts_for_less_than_a_year(inspected_on, failures):
    met = {"national standards": "met", "single central record": "met"}

    found = judged(Scale.AUTHORITY_QUALITY_ASSURANCE, met, inspected_on=inspected_on)

    assert found == failures


@pytest.mark.parametrize(
    ("inspected_on", "months", "last_good_day"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 11, 30), 1, date(2026, 12, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 27)),
    ],
)
def test_months_end_on_the_last_day_that_there_is(inspected_on, months, last_good_day):
    rule = PassRule(Scale.ISI_FRAMEWORK, date(2020, 1, 1), valid_months=months)
    result = InspectionResult(Scale.ISI_FRAMEWORK, inspected_on, {})

    on_last = passes(Scale.ISI_FRAMEWORK, result, [rule], last_good_day)
    after = passes(Scale.ISI_FRAMEWORK, result, [rule], last_good_day + timedelta(days=1))

    assert (on_last.passed, after.passed) == (True, False)


def test_results_of_another_scheme_are_never_compared():
    old = InspectionResult(
        Scale.OFSTED_OVERALL_GRADE, LAST_MONTH, {"overall effectiveness": "good"}
    )

    verdict = passes(Scale.OFSTED_REPORT_CARD, old, SHIPPED_RULES.values(), TODAY)

    assert verdict == Verdict(("The result is from another inspection scheme",))


def test_the_latest_rule_in_force_decides_and_both_its_days_count():
    scale = Scale.ISI_FRAMEWORK
    easy = PassRule(scale, date(2024, 1, 1), date(2026, 12, 31))
    hard = PassRule(scale, date(2026, 8, 1), requirements=(Requirement("x", frozenset({"met"})),))
    result = InspectionResult(scale, date(2024, 6, 1), {})

    def passed(on, *rules):
        return passes(scale, result, rules, on).passed

    assert passed(date(2026, 7, 31), easy, hard) is True
    assert passed(date(2026, 8, 1), hard, easy) is False
    assert passed(date(2026, 12, 31), easy) is True
    with pytest.raises(NoRuleInForce):
        passed(date(2027, 1, 1), easy)


def test_each_scale_has_a_shipped_rule():
    assert set(SHIPPED_RULES) == set(Scale)
