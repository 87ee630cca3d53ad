"""The master log: every establishment that is or was qualified, as a page and as files."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from contracts.presenters.master_log import HEAD
from dps.actors import Role
from dps.tenancy.identity import acting_as
from providers.models import Provider
from qualification.models import Qualification
from qualification.services.suspending import suspend
from tests.factories.compliance import (
    BOSS,
    PUBLIC,
    TODAY,
    close,
    insure,
    make_insured,
    run_audit,
)
from tests.factories.contracts import make_officer
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import make_establishment
from tests.factories.referrals import make_council, make_school
from tests.integration.contracts.pages import count_queries, h1_of, text_of

ADDRESS = "/master-log/"
CLOSED = (
    "The register says that it is closed. If it is open, ask the register’s owner to correct the"
    " entry. The suspension is lifted after the next register import that shows it as open."
)


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    """Pages are received at noon of the factories' day."""
    monkeypatch.setattr("dps.views.hygiene.timezone.now", lambda: NOON)


@pytest.fixture
def logged(region):
    """One in order, one that was suspended and is back, one suspended, one off the list."""
    make_insured(region, "Ash School")
    birch = make_insured(region, "Birch School").establishment
    make_insured(region, "Cedar School", expires_on=TODAY - timedelta(days=1))
    elm = make_insured(region, "Elm School", expires_on=TODAY + timedelta(days=10)).establishment
    close(birch)
    run_audit()
    close(birch, is_open=True)
    run_audit(days=2)
    with acting_as(BOSS):
        Qualification.objects.filter(establishment=elm).update(ended_at=NOON)
    make_establishment("Never Qualified School")


def names(client, **chosen):
    rows = csv.DictReader(io.StringIO(client.get("/master-log.csv", chosen).content.decode()))
    return list(dict.fromkeys(row["Establishment"] for row in rows))


def test_the_page_tells_status_history_inspection_and_insurance(logged, browser):
    response = browser(make_officer()).get(ADDRESS)

    assert h1_of(response) == "Master log"
    words = text_of(response)
    assert "4 establishments" in words
    assert (
        "Ash School Ash School Trust Qualified SEN day Good (Ofsted, 4 March 2025) 3 May 2027 None"
    ) in words
    assert (
        "3 May 2027 2 November 2026: suspended. No longer open on the register."
        " 4 November 2026: reinstated. Reasons of Birch School"
        f"2 November 2026: {CLOSED} 4 November 2026: The register shows it as open again."
    ) in words
    assert "Cedar School Trust Suspended SEN day" in words
    assert "Expired on 1 November 2026" in words
    assert "Elm School Trust No longer on a list None" in words
    assert "Never Qualified School" not in words


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"status": "qualified"}, ["Ash School", "Birch School"]),
        ({"status": "suspended"}, ["Cedar School"]),
        ({"status": "ended"}, ["Elm School"]),
        ({"cause": "registration"}, ["Birch School"]),
        ({"insurance": "none"}, ["Cedar School"]),
        ({"insurance": "soon"}, ["Elm School"]),
        ({"category": "sen-day"}, ["Ash School", "Birch School", "Cedar School"]),
        ({"search": "cedar school trust"}, ["Cedar School"]),
        ({"search": "nothing like it"}, []),
    ],
)
def test_page_and_file_show_what_is_filtered(logged, browser, chosen, expected):
    client = browser(make_officer())
    words = text_of(client.get(ADDRESS, chosen))

    assert names(client, **chosen) == expected
    every = ["Ash School", "Birch School", "Cedar School", "Elm School"]
    assert [name for name in every if f"{name} {name} Trust" in words] == expected


def test_a_filter_that_is_no_choice_says_so(region, browser):
    response = browser(make_officer()).get(ADDRESS, {"status": "happy"})

    assert response.status_code == 400
    assert "Select one of the answers given" in text_of(response)


def test_it_can_be_sorted_by_insurance(logged, browser):
    words = text_of(browser(make_officer()).get(ADDRESS, {"sort": "insured"}))

    order = ["Cedar School", "Elm School", "Ash School"]
    assert sorted(order, key=words.index) == order


def test_the_file_has_a_line_for_each_suspension(logged, browser):
    response = browser(make_officer()).get("/master-log.csv", {"search": "birch"})

    head, row = csv.reader(io.StringIO(response.content.decode()))
    assert tuple(head) == HEAD
    assert row == [
        *("", "Birch School", "Birch School Trust", "West Sussex", "Yes", "Qualified", "SEN day"),
        *("2026-10-13", "Ofsted", "2025-03-04", "good", "2027-05-03"),
        *("2026-11-02", "The audit", "No longer open on the register"),
        CLOSED,
        *("2026-11-04", "The register shows it as open again."),
    ]


@pytest.mark.off_switch("no-formulas")
def test_nothing_in_either_file_acts_as_a_formula(region, browser):
    with acting_as(BOSS):
        provider = Provider.objects.create(name="=1+1 Trust", registered_at=NOON)
    place = make_school(region, "@SUM(A1) School", provider=provider).establishment
    officer = make_officer(Role.SENIOR_CONTRACTS_OFFICER)
    with acting_as(officer):
        suspend(
            establishment_id=place.pk, cause="other", reason="+44 call", actor=officer, now=NOON
        )
    client = browser(officer)

    _, row = csv.reader(io.StringIO(client.get("/master-log.csv").content.decode()))
    book = load_workbook(io.BytesIO(client.get("/master-log.xlsx").content))
    _, cells = book.active.iter_rows()

    assert [row[1], row[2], row[15]] == ["'@SUM(A1) School", "'=1+1 Trust", "'+44 call"]
    assert [cells[n].value for n in (1, 2, 15)] == [row[1], row[2], row[15]]
    assert {cell.data_type for cell in cells} <= {"inlineStr", "s", "n", "d"}
    assert cells[12].value.date() == date(2026, 11, 2)


def test_too_small_a_sum_is_not_insured(region, browser):
    place = make_school(region, "Fir School").establishment
    insure(place, PUBLIC, TODAY + timedelta(days=9))
    insure(place, "employers_liability", TODAY + timedelta(days=9), pence=5_000_000_00)

    words = text_of(browser(make_officer()).get(ADDRESS))

    assert "Not on record" in words


def test_commissioners_read_it_and_providers_and_approvers_do_not(region, browser):
    school, council = make_insured(region), make_council(region.west)

    assert browser(council.commissioner).get(ADDRESS).status_code == 200
    for actor in (school.head, council.approver):
        for address in (ADDRESS, "/master-log.csv", "/master-log.xlsx"):
            assert browser(actor).get(address).status_code == 403


def test_the_same_few_queries_for_one_and_thirty(region, browser):
    client = browser(make_person(Role.DPS_MANAGER, authority=region.west))
    make_insured(region, expires_on=TODAY - timedelta(days=1))
    run_audit()
    few = [count_queries(client, a) for a in (ADDRESS, "/master-log.csv", "/master-log.xlsx")]
    for _ in range(29):
        make_insured(region, expires_on=TODAY - timedelta(days=1))
    run_audit(hours=1)

    many = [count_queries(client, a) for a in (ADDRESS, "/master-log.csv", "/master-log.xlsx")]

    assert many == few
    assert max(many) <= 12
