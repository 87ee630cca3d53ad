"""The two residential schedules stand in place of each other: nobody's costs hold both."""

from datetime import date, timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import Category
from dps.money import Basis
from dps.tenancy.identity import acting_as
from qualification.core_costs import CostEntry
from qualification.models import Cap, CoreCostLine, Qualification
from qualification.queries.applications import costs_of, with_names
from qualification.queries.caps import costings, sifted
from qualification.queries.progress import followed, progress_of_all
from qualification.queries.qualified import core_lines
from qualification.services import applying, setting_up
from qualification.shipped_costs import SEN_HEADS
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import page, text_of

BOSS = system(REGION_ID)
COMMON = [CostEntry(head.code, 1_000_00, Basis.YEAR) for head in SEN_HEADS]
TERMS = CostEntry("residential_terms", 2_000_00, Basis.WEEK)
ALL_YEAR = CostEntry("residential_all_year", 2_500_00, Basis.WEEK)
OF_TERMS = 9_000_00 + 38 * 2_000_00
OF_ALL_YEAR = 9_000_00 + 52 * 2_500_00


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def residential(region):
    with acting_as(BOSS):
        category = Category.objects.create(
            market=region.category.market,
            code="sen-residential",
            service="Special educational needs",
            name="SEN residential",
            is_residential=True,
        )
        setting_up.install_rules(
            category=category, from_date=date(2026, 1, 1), actor=BOSS, now=NOON
        )
    return category


@pytest.fixture
def application(oak, residential):
    with acting_as(oak.head):
        return applying.start_application(
            establishment_id=oak.establishment.id,
            category_id=residential.id,
            actor=oak.head,
            now=NOON,
        )


def year_of(oak, application):
    with acting_as(oak.head):
        return costs_of(with_names().get(pk=application.pk)).totals.year_pence


def put_on_the_list(application):
    with acting_as(BOSS):
        Qualification.objects.create(
            establishment_id=application.establishment_id,
            category_id=application.category_id,
            application_id=application.id,
            rule_set_id=application.rule_set_id,
            qualified_at=NOON,
        )


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        ([TERMS], OF_TERMS),
        ([ALL_YEAR], OF_ALL_YEAR),
        ([TERMS, ALL_YEAR], OF_ALL_YEAR),
    ],
)
def test_the_dearer_schedule_counts_and_they_are_never_added(
    oak, application, residential, lines, year
):
    oak.put(application, *COMMON, *lines)
    assert year_of(oak, application) == year

    put_on_the_list(application)

    with acting_as(BOSS):
        assert [each.year_pence for each in costings(residential)] == [year]
    council = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=oak.region.west)
    with acting_as(council):
        above = [len(sifted(residential, most, actor=council).above) for most in (year - 1, year)]
    assert above == [1, 0]


def test_one_of_them_has_to_be_filled(oak, application):
    def is_complete():
        with acting_as(oak.head):
            (each,) = progress_of_all(followed(application.joining_id), NOON.date())
            assert costs_of(each.application).costs_are_complete == (
                each.progress.costs_are_complete
            )
        return each.progress.costs_are_complete

    oak.put(application, *COMMON)
    before = is_complete()
    oak.put(application, *COMMON, TERMS)

    assert (before, is_complete()) == (False, True)


def test_a_referral_carries_the_schedule_of_its_weeks(oak, application, residential):
    oak.put(application, *COMMON, TERMS, ALL_YEAR)
    put_on_the_list(application)

    def carried(weeks):
        with acting_as(oak.head):
            lines = core_lines(oak.establishment.id, residential.id, weeks=weeks)
        return [line.code for line in lines][len(COMMON) :]

    assert (carried(38), carried(52)) == (["residential_terms"], ["residential_all_year"])
    with acting_as(BOSS):
        lines = CoreCostLine.objects.filter(application=application)
        lines.filter(head__code="residential_all_year").delete()
    assert carried(52) == ["residential_terms"], "the only one that it offers"


def test_the_page_compares_each_with_the_caps_by_itself(oak, application, residential, sign_in):
    with acting_as(BOSS):
        Cap.objects.create(
            category=residential,
            year_pence=100_000_00,
            from_date=date(2026, 1, 1),
            reason="Benchmark",
            made_at=NOON - timedelta(days=30),
        )
    oak.put(application, *COMMON, TERMS, ALL_YEAR)

    words = text_of(sign_in(oak.head).get(page("core_costs", application.id)))

    assert "Weekly and termly places: £85,000.00 a year" in words
    assert "42 to 52 week places: £139,000.00 a year" in words
    assert words.count("they are £39,000.00 a year above the cap of £100,000.00") >= 1
