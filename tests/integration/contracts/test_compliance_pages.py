"""The compliance page: what no longer passes, what runs out, what the audit did."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from contracts.presenters.start import sections
from contracts.queries.compliance import expiring, expiring_by_month
from dps.actors import Role
from dps.tenancy.identity import acting_as
from qualification.models import Suspension
from qualification.services.suspending import reinstate
from tests.factories.compliance import (
    BOSS,
    PUBLIC,
    TODAY,
    inspect,
    insure,
    make_insured,
    run_audit,
)
from tests.factories.contracts import make_officer
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import make_council
from tests.integration.contracts.pages import count_queries, h1_of, text_of

ADDRESS = "/compliance/"


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    """Pages are received at noon of the factories' day."""
    monkeypatch.setattr("dps.views.hygiene.timezone.now", lambda: NOON)


def test_an_empty_page_says_that_all_is_well(region, browser):
    response = browser(make_officer()).get(ADDRESS)

    assert h1_of(response) == "Compliance"
    words = text_of(response)
    assert "Every qualified establishment passes." in words
    assert "No insurance runs out in the next 60 days" in words
    assert "The audit has not run yet. It runs every hour." in words


def test_the_page_shows_findings_what_runs_out_and_the_runs(region, browser):
    make_insured(region, "Expired School", expires_on=TODAY - timedelta(days=1))
    make_insured(region, "Ending School", expires_on=TODAY + timedelta(days=23))
    odd = make_insured(region, "Odd School")
    inspect(odd.establishment, "Good", date(2026, 10, 1), scale="estyn")
    run_audit()

    words = text_of(browser(make_officer(Role.DATA_ANALYST)).get(ADDRESS))

    assert (
        "Expired School Expired School Trust Its public liability insurance expired on"
        " 1 November 2026. Its employers’ liability insurance expired on 1 November 2026."
        " 2 November 2026 Suspended"
    ) in words
    assert "whether its latest inspection, on 1 October 2026, passes. 2 November 2026 To look" in (
        words
    )
    assert ("Ending School Public liability insurance 25 November 2026 30 days before") in words
    assert "November 2026 2 December 2026 0 January 2027 0" in words
    assert "2 November 2026 2 November 2026 at midday 3 2 0 1" in words


def test_a_suspension_lifted_by_hand_says_so(region, browser):
    place = make_insured(region, expires_on=TODAY - timedelta(days=1)).establishment
    officer = make_officer(Role.SENIOR_CONTRACTS_OFFICER)
    run_audit()
    with acting_as(officer):
        reinstate(
            suspension_id=Suspension.objects.get(establishment=place).pk,
            reason="Seen on paper.",
            actor=officer,
            now=NOON,
        )

    assert "Lifted by an officer" in text_of(browser(officer).get(ADDRESS))


def test_what_runs_out_is_what_nothing_follows(region):
    edge = make_insured(region, "Edge", expires_on=TODAY + timedelta(days=60))
    make_insured(region, "Later", expires_on=TODAY + timedelta(days=61))
    today = make_insured(region, "Today", expires_on=TODAY)
    renewed = make_insured(region, "Renewed", expires_on=TODAY + timedelta(days=5))
    insure(
        renewed.establishment,
        PUBLIC,
        TODAY + timedelta(days=370),
        issued_on=TODAY + timedelta(days=6),
    )

    with acting_as(BOSS):
        ending = [(each.establishment.name, each.kind) for each in expiring(TODAY)]
        months = expiring_by_month(TODAY)

    assert ending == [
        (today.establishment.name, "employers_liability"),
        (today.establishment.name, "public_liability"),
        ("Renewed", "employers_liability"),
        (edge.establishment.name, "employers_liability"),
        (edge.establishment.name, "public_liability"),
    ]
    assert months == [(date(2026, 11, 1), 3), (date(2026, 12, 1), 0), (date(2027, 1, 1), 2)]


def test_the_start_page_lists_what_no_longer_passes(region):
    officer = make_officer()
    with acting_as(officer):
        (empty,) = sections(officer, NOON)
    place = make_insured(region, "Oak", expires_on=TODAY - timedelta(days=1)).establishment
    run_audit()

    with acting_as(officer):
        (section,) = sections(officer, NOON)

    assert (empty.heading, empty.items) == ("Compliance", ())
    assert [(each.text, each.href) for each in section.items] == [
        ("Oak: insurance", reverse("providers:establishment", args=[place.pk]))
    ]


def test_only_the_central_team_opens_it(region, browser):
    school = make_insured(region)

    for actor in (make_council(region.west).commissioner, school.head):
        assert browser(actor).get(ADDRESS).status_code == 403


def test_the_same_few_queries_for_one_and_thirty(region, browser):
    client = browser(make_person(Role.DPS_MANAGER, authority=region.west))
    make_insured(region, expires_on=TODAY - timedelta(days=1))
    make_insured(region, expires_on=TODAY + timedelta(days=30))
    run_audit()
    few = count_queries(client, ADDRESS)
    for _ in range(29):
        make_insured(region, expires_on=TODAY - timedelta(days=1))
        make_insured(region, expires_on=TODAY + timedelta(days=30))
    run_audit(hours=1)

    many = count_queries(client, ADDRESS)

    assert many == few
    assert many <= 12
