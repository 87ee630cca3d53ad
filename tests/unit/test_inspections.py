from datetime import date

import pytest

from dps.demo.establishments import establishments
from qualification.inspections import UnknownScheme, judge, result_of
from qualification.scoring import SHIPPED_RULES, Scale

DAY = date(2026, 3, 4)
TODAY = date(2026, 11, 2)
RULES = tuple(SHIPPED_RULES.values())


def failures(scale, result):
    return judge(scale, result, DAY, on=TODAY, rules=RULES).failures


def test_every_scheme_can_be_read():
    assert {scale: result_of(scale, "good", DAY).scale for scale in Scale} == {
        scale: scale for scale in Scale
    }


def test_a_report_card_takes_one_word_for_every_area():
    assert failures("ofsted_report_card", "Expected standard") == ()
    assert failures("ofsted_independent_school", "needs attention") == ()
    assert len(failures("ofsted_report_card", "urgent improvement")) == 6


def test_an_area_that_differs_follows_the_one_word():
    result = "strong standard; Safeguarding: not met; achievement: urgent improvement"

    assert failures("ofsted_report_card", result) == (
        "safeguarding: not met",
        "achievement: urgent improvement",
    )


def test_one_word_schemes():
    assert failures("ofsted_overall_grade", "requires improvement") == ()
    assert failures("ofsted_overall_grade", "Inadequate") == ("overall effectiveness: inadequate",)
    assert failures("ofsted_social_care", "requires improvement to be good") == ()
    assert failures("isi_framework", "not met") == ("leadership and governance: not met",)
    assert failures("ofsted_supported_accommodation", "inconsistent") == ()


def test_a_council_s_own_check_counts_for_a_year():
    last_day, after = date(2027, 3, 3), date(2027, 3, 4)

    assert judge("authority_quality_assurance", "met", DAY, on=last_day, rules=RULES).passed
    assert not judge("authority_quality_assurance", "met", DAY, on=after, rules=RULES).passed


def test_another_scheme_cannot_be_read():
    with pytest.raises(UnknownScheme):
        result_of("overall", "Good", DAY)


def test_the_demo_s_inspections_are_read_as_they_are_told():
    for place in establishments():
        found = place.inspection
        assert result_of(found.scale, found.result, DAY).judgements == found.judgements
