"""The awards of the region: every council's approved ones, and nothing else of a referral."""

from datetime import timedelta

from contracts.queries.regional_awards import totals
from dps.actors import Role
from dps.tenancy.identity import acting_as
from tests.factories.contracts import AWARDED, make_award, make_officer, make_sides
from tests.factories.kernel import make_person
from tests.factories.referrals import make_council
from tests.integration.contracts.pages import count_queries, h1_of, text_of

ADDRESS = "/regional-awards/"


def test_an_empty_page_says_when_an_award_appears(region, browser):
    response = browser(make_officer()).get(ADDRESS)

    assert h1_of(response) == "Awards of the region"
    assert "There is no approved award here yet." in text_of(response)


def test_the_latest_award_of_any_council_comes_first_with_totals(region, browser):
    west = make_sides(region, name="Ash School")
    east = make_sides(region, authority=region.east, name="Birch School")
    make_award(west, annual_value_pence=40_000_00)
    make_award(east, decided_at=AWARDED + timedelta(days=1), annual_value_pence=60_000_50)

    words = text_of(browser(make_officer(Role.DATA_ANALYST)).get(ADDRESS))

    assert (
        "Birch School Birch School Trust East Sussex SEN day 23 November 2026 Not signed yet"
        " £60,000.50 Ash School Ash School Trust West Sussex SEN day 22 November 2026"
        " Not signed yet £40,000"
    ) in words
    assert "East Sussex 1 £60,000.50 West Sussex 1 £40,000 All 2 £100,000.50" in words
    assert "SEN day 2 £100,000.50 All 2 £100,000.50" in words


def test_it_can_be_narrowed_to_a_council_and_a_category(region, browser):
    make_award(make_sides(region, name="Ash School"))
    make_award(make_sides(region, authority=region.east, name="Birch School"))
    client = browser(make_officer())

    east = text_of(client.get(ADDRESS, {"authority": region.east.pk}))
    none = text_of(client.get(ADDRESS, {"authority": region.east.pk, "category": "foster"}))
    sen = text_of(client.get(ADDRESS, {"category": "sen-day"}))

    assert ("Birch School" in east, "Ash School" in east) == (True, False)
    assert "Select one of the answers given" in none
    assert ("Birch School" in sen, "Ash School" in sen) == (True, True)


def test_awards_that_wait_for_approval_are_not_there(region, browser):
    make_award(make_sides(region, name="Ash School"), state="recommended")

    words = text_of(browser(make_officer()).get(ADDRESS))

    assert "Ash School" not in words


def test_totals_of_no_award_are_nothing(region):
    officer = make_officer()

    with acting_as(officer):
        assert totals([region.west.pk, region.east.pk]) == []
        assert totals([region.west.pk]) == []


def test_only_the_central_team_opens_it(region, browser):
    sides = make_sides(region)

    for actor in (make_council(region.west).approver, sides.head):
        assert browser(actor).get(ADDRESS).status_code == 403


def test_the_same_few_queries_for_one_and_thirty(region, browser):
    client = browser(make_person(Role.DPS_MANAGER, authority=region.west))
    sides = make_sides(region)
    make_award(sides)
    few = count_queries(client, ADDRESS)
    for _ in range(29):
        make_award(sides)

    many = count_queries(client, ADDRESS)

    assert many == few
    assert many <= 12
