"""What differs between two versions of the rules, and what the law lets change."""

from dataclasses import replace

import pytest

from dps.regimes import BELOW_THRESHOLD, PA_2023_DYNAMIC_MARKET, PCR_2015_DPS, ForbiddenByRegime
from qualification.rule_changes import (
    Asked,
    Difference,
    Head,
    Rules,
    Wanted,
    changed_conditions,
    differences,
    in_the_way,
    refuse_unless_lawful,
    weights_words,
)

PUBLIC = Wanted("public_liability", "Public liability insurance", 10_000_000_00)
MOTOR = Wanted("motor", "Motor insurance", is_optional=True)
INSURANCES = Asked(
    "insurances", "evidence", 2, "Insurances", "Do you hold them?", evidence=(PUBLIC, MOTOR)
)
INSPECTION = Asked("inspection", "inspection", 1, "Inspection", "Does it pass?")
WORKFORCE = Asked(
    "workforce", "statement", 2, "Workforce", "How do you recruit?", word_limit=400, weight=60_00
)
OUTCOMES = replace(WORKFORCE, code="outcomes", title="Outcomes", text="What?", weight=40_00)
SOCIAL = Asked("social_value", "shown", 2, "Social value", "Can you offer more?")
ROOM = Head("premises", "Premises", "Rent and rates")
RULES = Rules((INSPECTION, INSURANCES, SOCIAL, WORKFORCE, OUTCOMES), (ROOM,))


def changed(old, **words):
    new = replace(old, **words)
    return replace(RULES, asked=tuple(new if each is old else each for each in RULES.asked))


def without(*gone):
    return replace(RULES, asked=tuple(each for each in RULES.asked if each not in gone))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (changed(INSURANCES, text="Do you really?"), "“Insurances” asks something else."),
        (changed(INSPECTION, kind="pass_fail"), "“Inspection” asks something else."),
        (changed(INSPECTION, stage=2), "“Inspection” moves to stage 2."),
        (
            changed(INSURANCES, evidence=(replace(PUBLIC, least_sum_pence=5_000_000_00), MOTOR)),
            "“Insurances” wants other evidence.",
        ),
        (
            changed(INSURANCES, evidence=(PUBLIC, replace(MOTOR, is_optional=False))),
            "“Insurances” wants other evidence.",
        ),
        (without(INSPECTION), "“Inspection” is not asked any more."),
        (
            replace(RULES, asked=(*RULES.asked, replace(INSPECTION, code="new", title="New"))),
            "“New” is asked anew.",
        ),
    ],
)
def test_each_change_of_a_condition_is_named_and_forbidden(after, said):
    assert changed_conditions(RULES, after) == (said,)
    for regime in (PCR_2015_DPS, PA_2023_DYNAMIC_MARKET):
        with pytest.raises(ForbiddenByRegime) as refused:
            refuse_unless_lawful(regime, RULES, after)
        assert str(refused.value).endswith(f"This version changes them: {said}")
    refuse_unless_lawful(BELOW_THRESHOLD, RULES, after)


@pytest.mark.parametrize(
    "after",
    [
        changed(INSURANCES, title="Insurance", guidance="Look at the certificate."),
        changed(INSURANCES, evidence=(PUBLIC,)),
        changed(WORKFORCE, text="How do you keep people?", word_limit=300, weight=50_00),
        changed(SOCIAL, text="Anything else?"),
        without(SOCIAL),
        without(WORKFORCE),
        replace(RULES, heads=()),
        replace(RULES, asked=RULES.asked[::-1]),
    ],
)
def test_what_is_no_condition_may_change_under_any_regime(after):
    assert changed_conditions(RULES, after) == ()
    refuse_unless_lawful(PCR_2015_DPS, RULES, after)


def test_the_first_version_changes_nothing():
    refuse_unless_lawful(PCR_2015_DPS, None, RULES)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (RULES, ()),
        (
            changed(OUTCOMES, weight=39_99),
            ("The weights add up to 99.99. They must add up to 100.00: 0.01 more",),
        ),
        (
            replace(RULES, asked=(INSPECTION, replace(WORKFORCE, weight=100_00), OUTCOMES)),
            ("The weights add up to 140.00. They must add up to 100.00: 40.00 less",),
        ),
        (
            replace(
                RULES,
                asked=(
                    INSPECTION,
                    replace(WORKFORCE, weight=100_00),
                    replace(OUTCOMES, weight=0),
                ),
            ),
            ("“Outcomes” has no weight.",),
        ),
        (
            Rules((SOCIAL,)),
            (
                "There is no method statement. Add at least one.",
                "There is no pass or fail question. Add at least one.",
            ),
        ),
    ],
)
def test_what_stands_in_the_way_of_publishing(rules, words):
    assert in_the_way(rules) == words


def test_weights_words_say_by_how_much():
    assert weights_words(0).endswith("100.00 more")
    assert weights_words(100_01).endswith("0.01 less")


def test_differences_name_what_was_and_what_is():
    after = Rules(
        (
            replace(INSURANCES, evidence=(PUBLIC,)),
            INSPECTION,
            replace(WORKFORCE, weight=55_00),
            replace(OUTCOMES, code="listening", title="Listening"),
        ),
        (replace(ROOM, is_optional=True), Head("food", "Food")),
    )

    assert differences(RULES, RULES) == ()
    assert differences(RULES, after) == (
        Difference(
            "Insurances",
            "Evidence",
            "Public liability insurance of £10,000,000 or more; Motor insurance (if you have it)",
            "Public liability insurance of £10,000,000 or more",
        ),
        Difference("Workforce", "Weight", "60.00", "55.00"),
        Difference("Listening", "Question", "Not asked", "What?"),
        Difference("Social value", "Question", "Can you offer more?", "Not asked any more"),
        Difference("Outcomes", "Question", "What?", "Not asked any more"),
        Difference(
            "All questions",
            "Order",
            "Inspection, Insurances, Workforce",
            "Insurances, Inspection, Workforce",
        ),
        Difference("Premises", "May stay empty", "No", "Yes"),
        Difference("Food", "Cost line", "Not asked", "Asked"),
    )
    assert Difference("Premises", "Cost line", "Asked", "Not asked any more") in differences(
        RULES, replace(RULES, heads=())
    )
