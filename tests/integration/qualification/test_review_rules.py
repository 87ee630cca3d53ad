"""Whose score is due a review, and how often that is, as data."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import Qualification, ReviewRule
from qualification.queries import reviewing as queries
from qualification.reviewing import due_on
from qualification.services import review_rules
from qualification.services.review_rules import NewReviewRule, set_review_rule
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying, verbs
from tests.factories.reviewing import propose

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    one = make_applying(region)
    one.decided()
    return one


def test_due_is_who_was_not_looked_at_for_so_many_months(oak):
    def due(day):
        with acting_as(oak.officer):
            return [(row.due, row.score) for row in queries.due(day)]

    a_year_on = date(2027, 11, 2)
    assert due(a_year_on - timedelta(days=31)) == []
    assert due(a_year_on - timedelta(days=30)) == [(a_year_on, 80_00)]
    manager = make_person(Role.DPS_MANAGER, authority=oak.region.west)
    with acting_as(manager):
        set_review_rule(
            new=NewReviewRule(oak.region.category.id, 6, 5, date(2027, 1, 1), "The Board."),
            actor=manager,
            now=NOON,
        )
    assert due(date(2027, 5, 2)) == [(date(2027, 5, 2), 80_00)]
    assert propose(oak).reply_by == date(2027, 11, 12)
    assert due(a_year_on) == []


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2027, 2, 28), date(2024, 2, 29)])
@pytest.mark.parametrize("months", [6, 12])
def test_the_database_counts_months_as_the_rule_does(oak, day, months):
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with acting_as(BOSS):
        Qualification.objects.update(qualified_at=moment)
        ReviewRule.objects.create(
            category=oak.region.category,
            months=months,
            reply_days=10,
            from_date=date(2020, 1, 1),
            reason="x",
            made_at=NOON,
        )
    with acting_as(oak.officer):
        (row,) = queries.with_due(date(2030, 1, 1))
    assert row.due == due_on(day, months)


def test_how_often_is_set_from_a_day_on_by_the_manager(oak):
    manager = make_person(Role.DPS_MANAGER, authority=oak.region.west)
    new = NewReviewRule(oak.region.category.id, 6, 10, NOON.date(), "The Board.")

    def make(one, actor=manager):
        with acting_as(actor):
            return set_review_rule(new=one, actor=actor, now=NOON)

    for change, refused in (
        ({"months": 9}, review_rules.NotSuchARule),
        ({"reply_days": 4}, review_rules.NotSuchARule),
        ({"reply_days": 31}, review_rules.NotSuchARule),
        ({"reason": " "}, review_rules.NotSuchARule),
        ({"from_date": NOON.date() - timedelta(days=1)}, review_rules.StartsTooEarly),
    ):
        with pytest.raises(refused):
            make(replace(new, **change))
    with pytest.raises(NotPermitted):
        make(new, oak.officer)
    assert make(new).months == 6
    with pytest.raises(review_rules.DecidedForThatDay):
        make(replace(new, months=12))
    assert verbs()[-1] == "review_rule.set"
