"""The directory: what each filter finds, the list, the map, the files, and one establishment."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from dps.actors import REGION_ID, Role, system
from dps.grid import GridPoint, outcode_point
from dps.tenancy.identity import acting_as
from providers.filters import DirectoryFilter
from providers.models import Evidence
from providers.presenters import facts as hook
from providers.presenters.facts import Fact
from providers.queries import directory
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import (
    make_administrator,
    make_establishment,
    make_inspection,
    make_provider,
)

PAGE = "/directory/"
WORTHING = outcode_point("BN11")
METRES = 1609.344


def found(**asked):
    """The names that a search finds, in its order."""
    search = DirectoryFilter(asked, queryset=directory.listed())
    return [one.name for one in search.qs]


def at(name, miles, **facts):
    """An establishment so many miles east of the middle of BN11."""
    east = WORTHING.easting + round(miles * METRES)
    return make_establishment(name, easting=east, northing=WORTHING.northing, **facts)


def test_closed_ones_are_found_on_request_only(region):
    make_establishment("Open")
    make_establishment("Closed", is_open=False)

    assert (found(), found(show=["closed"])) == (["Open"], ["Closed", "Open"])


def test_those_in_the_partners_areas_come_first_and_can_be_asked_for(region):
    make_establishment("A far one", la_name="Devon")
    make_establishment("Near", la_name="Kent")

    assert (found(), found(area="partners")) == (["Near", "A far one"], ["Near"])


@pytest.mark.parametrize("text", ["larkfield", "ARK", "worthing", "education ltd", "125001"])
def test_search_by_name_town_provider_or_urn(provider, text):
    make_establishment(urn="125001", provider=provider)
    make_establishment("Gorse House", town="Lewes", urn="125002")

    assert found(search=text) == ["Larkfield School"]


def test_a_part_of_a_urn_finds_nothing(region):
    make_establishment(urn="125001")

    assert found(search="12500") == []


def test_search_takes_marks_for_marks(region):
    make_establishment("100% School")
    make_establishment("Another")

    assert (found(search="100%"), found(search="_")) == (["100% School"], [])


def test_by_area_kind_and_vacancies(region):
    make_establishment("Kent", la_name="Kent")
    make_establishment("Home", kind="childrens_home", places=4, vacancies=1)
    make_establishment("Full", places=4, vacancies=0)

    assert found(area="Kent") == ["Kent"]
    assert found(kind="childrens_home") == ["Home"]
    assert found(show=["vacancies"]) == ["Home"]


@pytest.mark.parametrize(
    ("age", "names"), [("4", ["Any"]), ("5", ["Any", "School"]), ("17", ["Any"])]
)
def test_by_age_of_the_child(region, age, names):
    make_establishment("School", low_age=5, high_age=16)
    make_establishment("Any", low_age=None, high_age=None)

    assert found(age=age) == names


def test_within_miles_of_a_postcode_nearest_first(region):
    for name, miles in (("Far", 20.01), ("Edge", 20), ("Near", 3), ("Here", 0)):
        at(name, miles)
    make_establishment("Unplaced", postcode="")

    assert found(near="BN11 1AA", miles="20") == ["Here", "Near", "Edge"]
    assert found(near="bn11", miles="5") == ["Here", "Near"]
    assert found(near="BN11") == ["Here", "Near", "Edge", "Far", "Unplaced"]


def test_the_search_by_distance_is_the_one_rule_of_distance(region):
    """Compared with the rule in whole metres, around the edge of 10 miles."""
    edge = round(10 * METRES)
    for metres in range(edge - 12, edge + 13, 3):
        make_establishment(
            f"{metres:06}", easting=WORTHING.easting + metres, northing=WORTHING.northing
        )

    inside = [
        name
        for name in found()
        if WORTHING.within(GridPoint(WORTHING.easting + int(name), WORTHING.northing), 10)
    ]
    assert 0 < len(inside) < 9
    assert found(near="BN11", miles="10") == inside


def test_the_search_by_distance_uses_the_index_of_points(region):
    at("Here", 0)
    rows = directory.within(directory.listed(), WORTHING, 20)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "establishment_point" in rows.explain()


def test_by_category_asks_the_higher_apps(region, monkeypatch):
    qualified = make_establishment("Qualified")
    make_establishment("Not")
    asked = []
    monkeypatch.setattr(
        "providers.filters.qualified_ids", lambda code: asked.append(code) or {qualified.pk}
    )

    assert (found(category="sen-day"), asked) == (["Qualified"], ["sen-day"])


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"near": "nowhere"}, "near", "Enter a postcode or its first half, like BN11 1AA or BN11"),
        ({"near": "ZZ99 9ZZ"}, "near", "Enter a postcode or its first half, like BN11 1AA or BN11"),
        ({"near": "BX1 1AA"}, "near", "We do not know where BX1 is. Try one nearby"),
        ({"miles": "20"}, "near", "Enter a postcode to measure the miles from"),
        ({"miles": "7", "near": "BN11"}, "miles", "Select one of the answers given"),
        ({"age": "six"}, "age", "Age of the child must be a whole number in figures, like 12"),
        ({"age": "99"}, "age", "Age of the child must be 25 or less"),
        ({"kind": "castle"}, "kind", "Select one of the answers given"),
        ({"category": "none"}, "category", "Select one of the answers given"),
    ],
)
def test_what_cannot_be_searched_for_is_said_at_its_field(
    signed_in, commissioner, asked, field, words
):
    make_establishment()
    response = signed_in(commissioner).get(PAGE, asked)

    assert response.status_code == 400
    assert response.context["form"].errors == {field: [words]}
    assert words in response.content.decode()


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=999", "page=x", "sort=nonsense", "sort=-vacancies", "near=%F0%9F%98%80"],
)
def test_a_query_by_hand_never_breaks_the_page(signed_in, commissioner, query):
    make_establishment()

    assert signed_in(commissioner).get(f"{PAGE}?{query}").status_code in (200, 400)


@pytest.mark.parametrize(
    "role",
    [Role.COMMISSIONER, Role.EVALUATOR, Role.DATA_ANALYST, Role.DPS_MANAGER, Role.BID_WRITER],
)
def test_whoever_is_signed_in_sees_it(region, provider, signed_in, role):
    own = {"provider_id": provider.id} if role is Role.BID_WRITER else {"authority": region.west}
    make_establishment()

    assert "Larkfield School" in signed_in(make_person(role, **own)).get(PAGE).content.decode()


def test_nobody_else_sees_it(client, school):
    for address in (PAGE, f"{PAGE}{school.pk}/", "/directory.csv"):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("asked", [{}, {"near": "BN11", "miles": "20", "sort": "area"}])
def test_as_many_queries_for_one_as_for_thirty(signed_in, commissioner, provider, asked):
    browser = signed_in(commissioner)
    at("First", 1, provider=provider)
    one = queries(browser, PAGE, asked)
    for number in range(29):
        at(f"School {number}", 1 + number / 10, provider=provider)

    assert queries(browser, PAGE, asked) == one
    assert one <= 12


def queries(browser, address, asked=None):
    """The view's own: without the session's, the account's and the identity's."""
    browser.get(address, asked)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address, asked).status_code == 200
    outer = ("django_session", "dps_account", "dps_membership", "dps_person", "set_config")
    others = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    own = [
        query["sql"]
        for query in seen
        if not query["sql"].startswith(others) and not any(name in query["sql"] for name in outer)
    ]
    return len(own)


def test_map_and_list_share_their_numbers_and_the_circle_is_there(signed_in, commissioner):
    at("Near", 1)
    at("Nearer", 0.5)
    make_establishment("Unplaced", postcode="")

    page = signed_in(commissioner).get(PAGE, {"near": "BN11", "miles": "5"}).content.decode()

    assert "The dashed circle is 5 miles" in page
    assert re.findall(r'aria-label="(\d: \w+)', page) == ["1: Nearer", "2: Near"]
    assert re.findall(r"(\d)\. <a[^>]*>(\w+)</a>", page) == [("1", "Nearer"), ("2", "Near")]


def test_the_second_page_goes_on_counting(signed_in, commissioner):
    for number in range(30):
        at(f"School {number:02}", number / 10)

    page = signed_in(commissioner).get(PAGE, {"page": "2"}).content.decode()

    assert "26. <a" in page
    assert 'aria-label="26: School 25' in page


def test_without_anything_found_the_page_says_what_to_do(signed_in, commissioner):
    page = signed_in(commissioner).get(PAGE, {"search": "none"}).content.decode()

    assert "Nothing matches. Change or clear the filter." in page


def test_the_csv_file_holds_what_is_filtered_and_no_formula(signed_in, commissioner, provider):
    at("=HYPERLINK(1)", 2, provider=provider, urn="125001", needs=["ASD"])
    at("Far", 30)

    response = signed_in(commissioner).get("/directory.csv", {"near": "BN11", "miles": "20"})

    (row,) = csv.DictReader(io.StringIO(response.content.decode()))
    assert response["Content-Disposition"] == 'attachment; filename="directory.csv"'
    assert (row["URN"], row["Name"], row["Provider"], row["Miles"], row["Needs"]) == (
        "125001",
        "'=HYPERLINK(1)",
        "Larkfield Education Ltd",
        "2.00",
        "Autism",
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_of_a_filter_that_cannot_be_read_is_refused(signed_in, commissioner, ending):
    response = signed_in(commissioner).get(f"/directory.{ending}", {"age": "six"})

    assert response.status_code == 400
    assert "The filter of this list cannot be read" in response.content.decode()


def test_the_excel_file_holds_the_same(signed_in, commissioner):
    at("@SUM(A1)", 2, places=40, vacancies=3)

    response = signed_in(commissioner).get("/directory.xlsx")

    head, row = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["Name"], told["Places"], told["Vacancies"]) == ("'@SUM(A1)", 40, 3)


def test_one_establishment_says_what_is_known_and_how(signed_in, commissioner, provider):
    school = make_establishment(
        provider=provider,
        urn="125001",
        places=40,
        vacancies=3,
        places_said_at=NOON,
        website="www.larkfield.example",
        needs=["ASD"],
    )
    make_inspection(school)
    with acting_as(system(REGION_ID)):
        Evidence.objects.create(
            provider=provider,
            establishment=school,
            kind="public_liability",
            number="PL 77",
            sum_insured_pence=1_000_000_000,
            issued_on=date(2026, 1, 1),
            expires_on=date.today() + timedelta(days=400),  # noqa: DTZ011
            recorded_at=NOON,
        )

    page = signed_in(commissioner).get(f"{PAGE}{school.pk}/").content.decode()

    for words in (
        "Larkfield Education Ltd",
        "5 to 16",
        "3 of 40, said on 2 November 2026",
        "Autism",
        "125001",
        "The first half of the postcode",
        'href="http://www.larkfield.example"',
        "4 March 2025",
        "Overall effectiveness",
        "Good",
        "PL 77",
        "£10,000,000",
        "It has not qualified for any category",
    ):
        assert words in page


@pytest.mark.parametrize("website", ["javascript:alert(1)", "see above", "x y.z", "<b>x.y</b>"])
def test_what_is_no_web_address_is_no_link(signed_in, commissioner, website):
    school = make_establishment(website=website)

    page = signed_in(commissioner).get(f"{PAGE}{school.pk}/").content.decode()

    assert 'rel="noreferrer"' not in page


def test_certificates_are_for_councils_the_team_and_the_provider_itself(signed_in, mine):
    rival = make_administrator(make_provider("Rival Ltd"))

    page = signed_in(rival).get(f"{PAGE}{mine.pk}/").content.decode()

    assert "Certificates held now" not in page


def test_facts_of_higher_apps_stand_in_list_page_and_file(
    signed_in, commissioner, school, monkeypatch
):
    class Qualification:
        @staticmethod
        def facts(ids, actor):
            assert actor.person_id == commissioner.person_id
            return {one: [Fact("SEN day", "Qualified", "green")] for one in ids}

    monkeypatch.setattr(hook, "_contributors", lambda: iter([Qualification]))
    browser = signed_in(commissioner)

    tag = '<strong class="govuk-tag govuk-tag--green">Qualified</strong>'
    assert f"SEN day {tag}" in browser.get(PAGE).content.decode()
    assert tag in browser.get(f"{PAGE}{school.pk}/").content.decode()
    assert "SEN day: Qualified" in browser.get("/directory.csv").content.decode()


def test_an_unknown_establishment_is_not_found(signed_in, commissioner):
    address = reverse("providers:establishment", args=["01234567-89ab-7def-8123-456789abcdef"])

    assert signed_in(commissioner).get(address).status_code == 404


def test_one_establishment_takes_few_queries(signed_in, commissioner, provider):
    school = make_establishment(provider=provider)
    address = f"{PAGE}{school.pk}/"
    few = queries(signed_in(commissioner), address)
    for year in range(2016, 2026):
        make_inspection(school, inspected_on=date(year, 3, 4))

    assert queries(signed_in(commissioner), address) == few <= 12
