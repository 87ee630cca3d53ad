from dataclasses import replace
from datetime import date

import pytest

from dps.regimes import (
    BELOW_THRESHOLD,
    PA_2023_DYNAMIC_MARKET,
    PA_2023_OPEN_FRAMEWORK,
    PA_2023_USER_CHOICE,
    PCR_2015_DPS,
    REGIMES,
    Act,
    Counted,
    Days,
    ForbiddenByRegime,
    NotUnderThisRegime,
    RegimeKey,
    is_below_threshold,
    light_touch_threshold,
    refuse_unless_allowed,
    refuse_unless_in_time,
)

FORBIDDEN = {
    RegimeKey.PCR_2015_DPS: {
        Act.RUN_EMERGENCY_REFERRAL,
        Act.CLOSE_ENTRY,
        Act.CAP_MEMBERS,
        Act.CHANGE_ENTRY_CONDITIONS,
        Act.CHARGE_PROVIDERS,
    },
    RegimeKey.PA_2023_DYNAMIC_MARKET: {
        Act.CALL_OFF_WITHOUT_TENDER_NOTICE,
        Act.MAKE_DIRECT_AWARD,
        Act.CLOSE_ENTRY,
        Act.CAP_MEMBERS,
        Act.CHANGE_ENTRY_CONDITIONS,
        Act.PUBLISH_AWARDS_BY_QUARTER,
    },
    RegimeKey.PA_2023_OPEN_FRAMEWORK: {
        Act.CHANGE_ENTRY_CONDITIONS,
        Act.PUBLISH_AWARDS_BY_QUARTER,
    },
    RegimeKey.PA_2023_USER_CHOICE: {
        Act.RUN_MINI_COMPETITION,
        Act.CLOSE_ENTRY,
        Act.CAP_MEMBERS,
        Act.CHANGE_ENTRY_CONDITIONS,
        Act.RESCORE_MEMBERS,
        Act.CHARGE_PROVIDERS,
        Act.PUBLISH_AWARDS_BY_QUARTER,
    },
    RegimeKey.BELOW_THRESHOLD: set(),
}


def test_every_regime_is_there_under_its_key():
    assert {key: regime.key for key, regime in REGIMES.items()} == {key: key for key in RegimeKey}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("key", RegimeKey)
def test_a_regime_lets_pass_what_it_does_not_forbid(key, act):
    regime = REGIMES[key]

    assert regime.allows(act) == (act not in FORBIDDEN[key])
    if act in FORBIDDEN[key]:
        with pytest.raises(ForbiddenByRegime):
            refuse_unless_allowed(regime, act)
    else:
        refuse_unless_allowed(regime, act)


def test_a_refusal_gives_the_reason_of_the_law():
    with pytest.raises(ForbiddenByRegime) as refusal:
        refuse_unless_allowed(PA_2023_DYNAMIC_MARKET, Act.MAKE_DIRECT_AWARD)

    assert (refusal.value.status, str(refusal.value)) == (
        409,
        (
            "A dynamic market allows no direct award; one can be made only on its own grounds,"
            " such as the person's own choice"
        ),
    )


@pytest.mark.parametrize(
    ("regime", "established", "ends"),
    [
        (PCR_2015_DPS, date(2025, 2, 23), date(2029, 2, 23)),
        (PA_2023_DYNAMIC_MARKET, date(2025, 2, 24), None),
        (PA_2023_OPEN_FRAMEWORK, date(2025, 2, 24), date(2033, 2, 24)),
        (BELOW_THRESHOLD, date(2016, 1, 1), None),
    ],
)
def test_a_market_may_run_in_its_regimes_time(regime, established, ends):
    refuse_unless_in_time(regime, established=established, ends=ends)


@pytest.mark.parametrize(
    ("regime", "established", "ends", "words"),
    [
        (PCR_2015_DPS, date(2025, 2, 24), date(2027, 1, 1), "only if set up before 24 February"),
        (PCR_2015_DPS, date(2017, 4, 1), date(2029, 2, 24), "it must end by 23 February 2029"),
        (PCR_2015_DPS, date(2017, 4, 1), None, "it must end by 23 February 2029"),
        (PA_2023_DYNAMIC_MARKET, date(2025, 2, 23), None, "only if set up on or after 24 February"),
    ],
)
def test_a_market_outside_its_regimes_time_is_refused(regime, established, ends, words):
    with pytest.raises(NotUnderThisRegime, match=words):
        refuse_unless_in_time(regime, established=established, ends=ends)


def test_time_limits_are_those_of_the_law():
    assert PCR_2015_DPS.minimum_tender == Days(10)
    assert PCR_2015_DPS.decide_application == Days(10, Counted.WORKING, most=15)
    assert PA_2023_DYNAMIC_MARKET.minimum_tender is None
    assert PA_2023_DYNAMIC_MARKET.voluntary_standstill == Days(8, Counted.WORKING)
    assert [regime.mandatory_standstill for regime in REGIMES.values()] == [None] * 5


def test_notices_are_those_of_the_law():
    assert {key: [notice.code for notice in each.notices] for key, each in REGIMES.items()} == {
        RegimeKey.PCR_2015_DPS: ["award", "contracts-finder"],
        RegimeKey.PA_2023_DYNAMIC_MARKET: [
            "UK13",
            "UK14",
            "UK15",
            "UK16",
            "UK4",
            "UK6",
            "UK7",
            "UK12",
        ],
        RegimeKey.PA_2023_OPEN_FRAMEWORK: ["UK4", "UK6", "UK7", "UK12"],
        RegimeKey.PA_2023_USER_CHOICE: [],
        RegimeKey.BELOW_THRESHOLD: [],
    }


def test_a_regime_cannot_be_changed_in_place():
    with pytest.raises(TypeError):
        PA_2023_USER_CHOICE.forbidden[Act.MAKE_DIRECT_AWARD] = "no"
    assert replace(PA_2023_USER_CHOICE, name="x").forbidden == PA_2023_USER_CHOICE.forbidden


def test_the_threshold_itself_is_not_below():
    on = date(2026, 8, 1)

    assert light_touch_threshold(on) == 663_540_00
    assert is_below_threshold(663_539_99, on)
    assert not is_below_threshold(663_540_00, on)


def test_before_the_act_there_is_no_threshold_of_it():
    assert light_touch_threshold(date(2025, 2, 24)) == 663_540_00
    with pytest.raises(NotUnderThisRegime):
        light_touch_threshold(date(2025, 2, 23))
