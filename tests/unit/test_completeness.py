"""What is still to be done on a draft, the soonest deadline, and names in what is published."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dps.regimes import PA_2023_OPEN_FRAMEWORK, PCR_2015_DPS, Counted, Days
from referrals.completeness import DEFAULT_WEIGHTS, Facts, Task, names_found, soonest, unfinished
from referrals.models.referral import WEIGHTS
from referrals.scoring_terms import Feature, Marked

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
DONE = Facts(
    reference="WSX-2026-000001",
    age=9,
    profile="Learns by doing.",
    has_identity=True,
    has_home=True,
    needs=(Marked("need-1", 5),),
    features=(Feature("feature-1", 2),),
    outcomes=(Marked("outcome-1", 3),),
    starts_on=date(2027, 1, 4),
    weeks_per_year=38,
    weights={name: getattr(DEFAULT_WEIGHTS, name) for name in WEIGHTS},
    limit_miles=20,
    limit_areas=(),
    bids_close_at=NOON + timedelta(days=10),
    shorter_time_agreed=False,
)


def test_a_whole_draft_has_nothing_left_to_do():
    assert unfinished(DONE, PCR_2015_DPS, NOON) == ()


@pytest.mark.parametrize(
    ("change", "task"),
    [
        ({"age": None}, Task.CHILD),
        ({"profile": " "}, Task.CHILD),
        ({"has_identity": False}, Task.FAMILY),
        ({"has_home": False}, Task.FAMILY),
        ({"needs": (), "weights": DONE.weights | {"needs": 0, "price": 55_00}}, Task.NEEDS),
        (
            {"outcomes": (), "weights": DONE.weights | {"outcomes": 0, "price": 65_00}},
            Task.OUTCOMES,
        ),
        ({"features": ()}, Task.WEIGHTS),
        ({"weights": DONE.weights | {"price": 49_00}}, Task.WEIGHTS),
        ({"starts_on": None}, Task.PLACEMENT),
        ({"weeks_per_year": None}, Task.PLACEMENT),
        ({"limit_miles": None}, Task.LIMIT),
        ({"bids_close_at": None}, Task.DEADLINE),
        ({"bids_close_at": NOON}, Task.DEADLINE),
        ({"bids_close_at": NOON + timedelta(days=10, seconds=-1)}, Task.DEADLINE),
    ],
)
def test_each_gap_is_named_by_its_task(change, task):
    assert [one for one, _ in unfinished(replace(DONE, **change), PCR_2015_DPS, NOON)] == [task]


def test_areas_alone_are_a_limit():
    facts = replace(DONE, limit_miles=None, limit_areas=("Kent",))

    assert unfinished(facts, PCR_2015_DPS, NOON) == ()


@pytest.mark.parametrize(
    ("agreed", "regime"), [(True, PCR_2015_DPS), (False, PA_2023_OPEN_FRAMEWORK)]
)
def test_fewer_days_where_all_agree_or_the_law_asks_for_none(agreed, regime):
    soon = NOON + timedelta(hours=1)
    facts = replace(DONE, bids_close_at=soon, shorter_time_agreed=agreed)

    assert unfinished(facts, regime, NOON) == ()


def test_working_days_skip_the_weekend():
    # Monday 2 November 2026 and five working days.
    assert soonest(Days(5, Counted.WORKING), NOON) == NOON + timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Robin likes trains.", True),
        ("He is ROBIN’s brother", True),
        ("(quince)", True),
        ("A robin's nest", True),
        ("Robinson Crusoe", False),
        ("Al is a friend", False),
    ],
)
def test_parts_of_the_name_are_found_as_words(text, found):
    assert names_found("Robin Al Quince", {"Profile": text}) == (("Profile",) if found else ())
