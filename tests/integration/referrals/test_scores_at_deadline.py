"""A bid is ranked with the qualification score in force at the deadline, and no other."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from qualification.models import CompetencyScore, Qualification
from referrals.models import Bid
from tests.factories.evaluation import (
    DEADLINE,
    GRADED,
    grade_case,
    make_case,
    open_case,
    rank_case,
    seal_bid,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def case(region):
    """Alder and Birch, alike in everything, each with a score of 72.50."""
    case = make_case(region)
    for name in ("Alder", "Birch"):
        seal_bid(case, name)
    return case


def rescore(name, score, from_moment):
    with acting_as(system(REGION_ID)):
        listed = Qualification.objects.select_related("establishment").get(establishment__name=name)
        CompetencyScore.objects.create(
            provider_id=listed.establishment.provider_id,
            qualification=listed,
            score=score,
            from_moment=from_moment,
            reason="Reviewed",
        )


def ranked(case):
    """Name to what counted and the rank, once ranked."""
    rank_case(grade_case(open_case(case)))
    with acting_as(case.commissioner):
        rows = Bid.objects.select_related("establishment")
        return {row.establishment.name: (row.competency, row.rank) for row in rows}


@pytest.mark.parametrize("from_moment", [DEADLINE - timedelta(days=1), DEADLINE])
def test_a_version_that_began_by_the_deadline_decides(case, from_moment):
    rescore("Birch", 90_00, from_moment)

    assert ranked(case) == {"Alder": (72_50, 2), "Birch": (90_00, 1)}


def test_a_version_that_began_after_the_deadline_alters_nothing(case):
    rescore("Birch", 10_00, DEADLINE - timedelta(days=1))
    rescore("Birch", 100_00, DEADLINE + SECOND)

    assert ranked(case) == {"Alder": (72_50, 1), "Birch": (10_00, 2)}


def test_a_version_that_begins_after_the_opening_alters_no_ranking(case):
    open_case(case)
    rescore("Birch", 100_00, DEADLINE + timedelta(days=1))
    rescore("Alder", 0, DEADLINE + timedelta(days=1))
    rank_case(grade_case(case))

    with acting_as(case.commissioner):
        counted = set(Bid.objects.values_list("competency", flat=True))
    assert counted == {72_50}
    assert DEADLINE + timedelta(days=1) < GRADED
