"""Each establishment holds the insurance that the rules of its own lists ask for."""

from datetime import date, timedelta

import pytest

from contracts.queries.compliance import expiring
from contracts.queries.insurance import insurance_wanted
from contracts.queries.master_log import logged
from dps.tenancy.identity import acting_as
from qualification.models import Criterion, EvidenceRule, RuleSet
from tests.factories.compliance import (
    BOSS,
    EMPLOYERS,
    PUBLIC,
    TODAY,
    inspect,
    insure,
    leave_the_list,
    list_in,
    make_category,
    open_findings,
    run_audit,
    suspensions,
)
from tests.factories.kernel import NOON
from tests.factories.referrals import make_school

FIVE, TEN = 5_000_000_00, 10_000_000_00
UNTIL = TODAY + timedelta(days=40)
IN_FORCE = True


@pytest.fixture
def alternative(region):
    return make_category(region, "alternative-education", "Alternative education")


@pytest.fixture
def place(region, alternative):
    """On the list of alternative education alone, without any insurance yet."""
    school = make_school(region, "Workshop")
    leave_the_list(school.establishment, region.category)
    list_in(alternative, school.establishment)
    inspect(school.establishment, "good", date(2025, 3, 4))
    return school.establishment


def insure_for(place, pence):
    for kind in (PUBLIC, EMPLOYERS):
        insure(place, kind, UNTIL, pence=pence)


def insured_until(place):
    with acting_as(BOSS):
        return logged().get(pk=place.pk).insured_until


def ending():
    with acting_as(BOSS):
        return [certificate.kind for certificate in expiring(TODAY)]


def test_five_million_are_enough_where_the_category_asks_for_five(place):
    insure_for(place, FIVE)

    run_audit()

    assert (open_findings(place), suspensions(place)) == ({}, [])
    assert insured_until(place) == UNTIL
    assert ending() == [EMPLOYERS, PUBLIC]


def test_a_penny_less_suspends_and_names_the_category_s_own_sum(place):
    insure_for(place, FIVE - 1)

    run_audit()

    assert open_findings(place) == {
        "insurance": "Its public liability insurance is for less than £5 million."
        " Its employers’ liability insurance is for less than £5 million."
    }
    assert suspensions(place) == [("insurance", True, IN_FORCE)]
    assert (insured_until(place), ending()) == (None, [])


def test_on_two_lists_the_larger_sum_counts(place, region):
    insure_for(place, FIVE)
    with acting_as(BOSS):
        rules = RuleSet.objects.get(category=region.category, number=99)
    list_in(region.category, place, rules)

    run_audit()

    assert suspensions(place) == [("insurance", True, IN_FORCE)]
    assert insured_until(place) is None
    with acting_as(BOSS):
        assert insurance_wanted([place.pk]) == {place.pk: {PUBLIC: TEN, EMPLOYERS: TEN}}


def test_rules_published_later_ask_nothing_more_of_who_qualified_before(place, alternative):
    with acting_as(BOSS):
        later = RuleSet.objects.create(category=alternative, number=2, made_at=NOON)
        before = Criterion.objects.get(
            rule_set__category=alternative, rule_set__number=1, question__code="insurances"
        )
        asked = Criterion.objects.create(rule_set=later, question=before.question)
        EvidenceRule.objects.create(criterion=asked, kind=PUBLIC, least_sum_pence=TEN)
        later.from_date, later.published_at = TODAY, NOON
        later.save()
    insure_for(place, FIVE)

    run_audit()

    assert suspensions(place) == []


def test_a_following_certificate_counts_where_it_is_enough(place):
    insure_for(place, FIVE)
    insure(place, PUBLIC, UNTIL + timedelta(days=365), issued_on=UNTIL, pence=FIVE)
    insure(place, EMPLOYERS, UNTIL + timedelta(days=365), issued_on=UNTIL, pence=FIVE - 1)

    assert ending() == [EMPLOYERS]
    assert insured_until(place) == UNTIL


def test_indemnity_is_looked_at_where_a_category_asks_for_it_without_fail(region):
    homes = make_category(region, "residential-care", "Residential care")
    home = make_school(region, "Elm House").establishment
    leave_the_list(home, region.category)
    list_in(homes, home)
    insure_for(home, TEN)

    run_audit()

    assert open_findings(home) == {
        "insurance": "No certificate of professional indemnity insurance is on record."
    }
    assert insured_until(home) is None


def test_off_every_list_what_they_asked_for_still_says_until_when(place, alternative):
    insure_for(place, FIVE)
    leave_the_list(place, alternative)

    assert insured_until(place) is None, "SEN day, which it was on too, asked for ten"
    assert ending() == []
    insure_for(place, TEN)
    assert insured_until(place) == UNTIL
