"""Each inspection scheme speaks its own language: rules over every grade of every scheme."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.inspections import result_of
from qualification.rule_effects import Held, effect
from qualification.schemes import SCHEMES, NotOfThisScheme, in_words, refuse_unless_spoken
from qualification.scoring import (
    SHIPPED_RULES,
    InspectionResult,
    PassRule,
    Requirement,
    Scale,
    passes,
)

DAY = date(2026, 11, 2)
RULES = tuple(SHIPPED_RULES.values())
CARD, OLD = Scale.OFSTED_REPORT_CARD, Scale.OFSTED_OVERALL_GRADE


def every_judgement():
    for scale, scheme in SCHEMES.items():
        for area in scheme.areas:
            yield from ((scale, area.name, each) for each in area.judgements)
        for area in scheme.other_areas:
            yield from ((scale, area, each) for each in scheme.others)


def best_of(scale):
    scheme = SCHEMES[scale]
    named = {area.name: area.judgements[0] for area in scheme.areas}
    return dict.fromkeys(scheme.other_areas, (scheme.others or ("",))[0]) | named


def test_every_scheme_has_words_and_a_shipped_rule_in_them():
    assert set(SCHEMES) == set(Scale) == set(SHIPPED_RULES)
    for rule in RULES:
        refuse_unless_spoken(rule)
        assert list(in_words(rule))


@pytest.mark.parametrize(("scale", "area", "judgement"), list(every_judgement()))
def test_one_judgement_decides_as_the_rule_says(scale, area, judgement):
    rule = SHIPPED_RULES[scale]
    result = InspectionResult(scale, DAY, best_of(scale) | {area: judgement})
    named = {each.area: each.accepted for each in rule.requirements}
    accepted = named.get(area, rule.others)

    assert passes(scale, result, RULES, DAY).passed == (accepted is None or judgement in accepted)


@given(st.sampled_from(list(Scale)), st.sampled_from(list(Scale)))
def test_a_result_never_passes_by_another_scheme_s_rule(scale, other):
    result = InspectionResult(scale, DAY, best_of(scale))

    assert passes(other, result, RULES, DAY).passed == (scale is other)


def test_words_of_a_rule_are_plain():
    independent = SHIPPED_RULES[Scale.OFSTED_INDEPENDENT_SCHOOL]
    assert list(in_words(independent)) == [
        "Safeguarding is “met”.",
        (
            "Independent school standards is “met”. An action plan that the Department for"
            " Education has accepted will do."
        ),
        (
            "Every other area is “exceptional”, “strong standard”, “expected standard” or"
            " “needs attention”."
        ),
    ]
    assert list(in_words(SHIPPED_RULES[Scale.AUTHORITY_QUALITY_ASSURANCE]))[-1] == (
        "The result is less than 12 months old."
    )


def rule(scale=CARD, area="safeguarding", accepted=("met",), **more):
    wanted = (Requirement(area, frozenset(accepted), more.pop("excused_by", None)),)
    return PassRule(scale, DAY, requirements=wanted, **more)


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (rule(OLD, "safeguarding"), "does not judge “safeguarding” by itself"),
        (
            rule(OLD, "overall effectiveness", ("strong standard",)),
            "no judgement “strong standard”",
        ),
        (rule(others=frozenset({"good"})), "no judgement “good”"),
        (rule(accepted=()), "Select what passes for safeguarding"),
        (rule(excused_by=("action plan", "accepted")), "no such excuse"),
        (PassRule(CARD, DAY), "at least one judgement"),
    ],
)
def test_a_rule_in_another_scheme_s_words_is_refused(odd, words):
    with pytest.raises(NotOfThisScheme, match=words):
        refuse_unless_spoken(odd)


def held(number, scale, result, area="Kent"):
    found = result_of(scale, result, date(2026, 3, 4))
    return Held(UUID(int=number), f"School {number}", area, found, result)


def test_the_effect_of_a_new_rule_counts_its_own_scheme_alone():
    stricter = PassRule(
        OLD,
        date(2027, 1, 1),
        requirements=(Requirement("overall effectiveness", frozenset({"outstanding", "good"})),),
    )
    people = [
        held(1, OLD, "requires improvement"),
        held(2, OLD, "good"),
        held(3, OLD, "inadequate", "Surrey"),
        held(4, CARD, "needs attention"),
    ]
    found = effect(stricter, people, RULES)

    assert [each.held.name for each in found.newly_fail] == ["School 1"]
    assert found.newly_fail[0].failures == ("overall effectiveness: requires improvement",)
    assert (found.newly_pass, found.judged) == ((), 3)
    assert found.by_area() == [("Kent", 1, 0)]
    milder = PassRule(
        OLD,
        date(2027, 1, 1),
        requirements=(
            Requirement(
                "overall effectiveness",
                frozenset({"outstanding", "good", "requires improvement", "inadequate"}),
            ),
        ),
    )
    assert effect(milder, people, RULES).by_area() == [("Surrey", 0, 1)]
    assert [each.held.name for each in effect(milder, people, ()).newly_pass] == [
        "School 1",
        "School 2",
        "School 3",
    ]
