"""What everybody can read of published awards, as pages and as files."""

import json
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from contracts.models import Publication
from tests.factories.contracts import make_sides, make_signed
from tests.integration.contracts.pages import count_queries, h1_of, text_of
from tests.integration.contracts.standard import faults_of
from tests.integration.contracts.test_publishing import APRIL, Q1, publish

QUARTER = "/published-awards/2026-q4/"


def test_anybody_reads_which_quarters_are_published(region):
    make_signed(make_sides(region))
    publish()

    page = text_of(Client().get(reverse("contracts:published")))

    assert "2026 Q4 October to December 2026 1 January 2027 1" in page


def test_before_the_first_quarter_the_page_says_when_it_comes(db):
    page = text_of(Client().get(reverse("contracts:published")))

    assert "No quarter has been published yet." in page


def test_anybody_reads_each_award_of_a_quarter(region):
    sides = make_sides(region, name="Oak School")
    make_signed(sides)
    publish()

    response = Client().get(QUARTER)

    assert h1_of(response) == "Awards of 2026 Q4 October to December 2026"
    line = "West Sussex SEN day Oak School Trust Oak School 2026 Q4 £47,600.00"
    assert line in text_of(response)


@pytest.mark.off_switch("small-totals-hidden")
def test_totals_below_five_are_not_shown_and_above_are(region):
    west, east = make_sides(region), make_sides(region, authority=region.east)
    for sides in (west, west, west, west, west, east):
        make_signed(sides)
    publish()

    page = text_of(Client().get(QUARTER))

    # Five in the west would give away the one in the east, so neither shows.
    assert "East Sussex Not shown Not shown West Sussex Not shown Not shown All 6 £285,600" in page
    assert "SEN day 6 £285,600 All 6 £285,600" in page
    assert "“Not shown” stands for a total of fewer than five awards" in page


def test_a_quarter_of_few_awards_has_no_totals_and_the_page_says_why_it_lists_them(region):
    make_signed(make_sides(region))
    publish()

    page = text_of(Client().get(QUARTER))

    assert "Not shown" not in page and "By council" not in page
    assert "There are fewer than five awards in this quarter, so it has no totals." in page
    assert "Each award is still listed below by itself" in page
    assert "£47,600.00" in page


def test_a_quarter_that_was_not_published_or_cannot_be_is_not_found(region):
    make_signed(make_sides(region))
    publish()

    addresses = [f"/published-awards/{slug}/" for slug in ("2027-q1", "2026-q5", "2026-Q4", "x")]
    addresses += [f"/api/v1/publications/{slug}/awards.csv" for slug in ("2027-q1", "x%00")]

    assert [Client().get(address).status_code for address in addresses] == [404] * 5 + [400]


def test_the_files_are_the_published_bytes(region):
    make_signed(make_sides(region))
    publication = publish()
    client = Client()

    package = client.get("/api/v1/publications/2026-q4/package.json")
    table = client.get("/api/v1/publications/2026-q4/awards.csv")

    assert sha256(package.content).hexdigest() == publication.package_sha256
    assert sha256(table.content).hexdigest() == publication.table_sha256
    assert faults_of(json.loads(package.content)) == []
    assert (package["Content-Type"], package["ETag"]) == (
        "application/json",
        f'"{publication.package_sha256}"',
    )
    assert table["Content-Disposition"] == 'attachment; filename="awards-2026-q4.csv"'


def test_the_interface_lists_the_quarters(region):
    make_signed(make_sides(region))
    publication = publish()
    client = Client()

    listed = client.get("/api/v1/publications/").json()
    one = client.get("/api/v1/publications/2026-q4/").json()

    assert one == {
        "quarter": "2026-q4",
        "published_at": "2027-01-01T05:00:00Z",
        "award_count": 1,
        "package": "/api/v1/publications/2026-q4/package.json",
        "package_sha256": publication.package_sha256,
        "table": "/api/v1/publications/2026-q4/awards.csv",
        "table_sha256": publication.table_sha256,
    }
    assert listed == {"publications": [one]}
    assert client.get("/api/v1/publications/2030-q1/").json() == {
        "detail": "No such quarter has been published"
    }


def test_the_interface_is_read_only(region):
    for address in ("/api/v1/publications/", QUARTER, reverse("contracts:published")):
        assert Client().post(address).status_code == 405


def test_the_pages_ask_as_much_for_three_as_for_one(region):
    sides = make_sides(region)
    make_signed(sides)
    publish()
    client = Client()
    addresses = [QUARTER, reverse("contracts:published")]
    ones = [count_queries(client, address) for address in addresses]
    for _ in range(3):
        make_signed(sides)
    publish(Q1, now=APRIL)

    threes = [count_queries(client, QUARTER.replace("2026-q4", "2027-q1"))]
    threes.append(count_queries(client, addresses[1]))

    assert ones == threes
    assert max(ones) <= 12
    assert Publication.objects.count() == 2
