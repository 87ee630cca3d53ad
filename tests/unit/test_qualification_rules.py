"""The pure rules beside scoring: stages, dates of decision, totals of costs, grades."""

from datetime import UTC, date, datetime

import pytest

from dps.money import Basis
from dps.refusals import IllegalTransition
from providers.evidence_kinds import BY_CODE
from qualification import fingerprints
from qualification.core_costs import CostEntry, Totals, totals, weeks_of
from qualification.deciding_time import decision_due, working_days_left
from qualification.grades import DESCRIPTORS, points
from qualification.shipped import CATEGORIES, Weights
from qualification.shipped_categories import ASKED
from qualification.shipped_costs import SEN_HEADS
from qualification.shipped_questions import Statement
from qualification.states import APPLICATION, WORDS, ApplicationState, ApplicationStep

S, A = ApplicationState, ApplicationStep


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("step", A)
def test_every_step_from_every_stage(state, step):
    legal = {
        (S.DRAFT, A.SUBMIT): S.SUBMITTED,
        (S.DRAFT, A.WITHDRAW): S.WITHDRAWN,
        (S.SUBMITTED, A.WITHDRAW): S.WITHDRAWN,
        (S.EVALUATION, A.WITHDRAW): S.WITHDRAWN,
        (S.MODERATED, A.WITHDRAW): S.WITHDRAWN,
        (S.SUBMITTED, A.PASS_STAGE_1): S.EVALUATION,
        (S.EVALUATION, A.MODERATE): S.MODERATED,
        (S.MODERATED, A.GRADE_AGAIN): S.EVALUATION,
        (S.MODERATED, A.QUALIFY): S.QUALIFIED,
        (S.SUBMITTED, A.REJECT): S.REJECTED,
        (S.EVALUATION, A.REJECT): S.REJECTED,
        (S.MODERATED, A.REJECT): S.REJECTED,
    }
    if (state, step) in legal:
        assert APPLICATION.after(state, step) is legal[state, step]
    else:
        with pytest.raises(IllegalTransition):
            APPLICATION.after(state, step)


def test_every_stage_has_words():
    assert set(WORDS) == set(S) == set(APPLICATION.states)


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (datetime(2026, 11, 2, 12, tzinfo=UTC), date(2026, 11, 23)),
        # Christmas Day, the substitute for Boxing Day and New Year's Day are no working days.
        (datetime(2026, 12, 18, 9, tzinfo=UTC), date(2027, 1, 13)),
        # Half past midnight in London, summer time, is still the day before in UTC.
        (datetime(2026, 7, 31, 23, 30, tzinfo=UTC), date(2026, 8, 21)),
    ],
)
def test_decided_within_15_working_days(sent, due):
    assert decision_due(sent) == due


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 11, 2), 15),
        (date(2026, 11, 20), 1),
        (date(2026, 11, 22), 1),
        (date(2026, 11, 23), 0),
        (date(2026, 11, 24), -1),
        (date(2026, 11, 30), -5),
    ],
)
def test_working_days_left(today, left):
    assert working_days_left(date(2026, 11, 23), today) == left


def test_totals_round_the_week_half_up_once():
    lines = [CostEntry("a", 10_01, Basis.WEEK), CostEntry("b", 19, Basis.YEAR)]

    assert totals(lines, weeks=38) == Totals(weeks=38, year_pence=380_57, week_pence=10_02)
    assert totals([], weeks=52) == Totals(weeks=52, year_pence=0, week_pence=0)


def test_weeks_of_a_day_and_a_residential_category():
    assert (weeks_of(is_residential=False), weeks_of(is_residential=True)) == (38, 52)


def test_fingerprints_tell_lines_apart_but_not_their_order():
    one, two = CostEntry("a", 1, Basis.WEEK), CostEntry("b", 1, Basis.WEEK)

    assert fingerprints.of_costs([one, two]) == fingerprints.of_costs([two, one])
    different = {fingerprints.of_costs(lines) for lines in ([], [one], [two], [one, two])}
    assert len(different) == 4
    assert fingerprints.of_text("a") != fingerprints.of_text("b")


def test_points_of_a_grade_are_hundredths_of_its_weight():
    assert [points(weight=25_00, grade=each.grade) for each in DESCRIPTORS] == [
        0,
        5_00,
        10_00,
        15_00,
        20_00,
        25_00,
    ]


def test_what_is_shipped_adds_up():
    usual = Weights()
    shares = (
        usual.price,
        usual.outcomes,
        usual.needs,
        usual.features,
        usual.location,
        usual.core_competency,
        usual.incentive,
    )

    assert sum(shares) == 100
    assert len(SEN_HEADS) == 9
    assert {each.code for each in CATEGORIES} == set(ASKED)


@pytest.mark.parametrize("category", ASKED)
def test_a_shipped_category_asks_each_question_once_and_weighs_100(category):
    asked = ASKED[category]
    codes = [each.question.code for each in asked]
    statements = [each for each in asked if isinstance(each.question, Statement)]

    assert len(codes) == len(set(codes))
    assert sum(each.weight for each in asked) == sum(each.weight for each in statements) == 100_00
    assert [each.question.is_graded_by_panel for each in statements].count(True) == 1
    assert all(each.question.topics for each in statements)
    assert {wanted.kind for each in asked for wanted in each.evidence} <= set(BY_CODE)


def test_questions_common_to_categories_are_one_question():
    by_code = {}
    for asked in ASKED.values():
        for each in asked:
            assert by_code.setdefault(each.question.code, each.question) is each.question


def test_alternative_education_is_asked_nothing_of_ofsted():
    words = " ".join(each.question.text for each in ASKED["alternative-education"])

    assert "Ofsted" not in words
    assert "council" in words
