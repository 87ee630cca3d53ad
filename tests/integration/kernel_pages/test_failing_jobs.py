"""Work that keeps failing comes before a person, without a word of what it is about."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, transaction
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Authority, OwedJob
from dps.outbox import owe, relay
from dps.outbox.jobs import HANDLERS, job
from dps.queries.failing import FailingJobs, failing_jobs
from dps.tenancy.identity import acting_as
from dps.tenancy.models import uuid7
from tests.factories.kernel import NOON, make_person
from tests.integration.referrals.pages import Browser, plain

PAGE, START = "/failing-jobs/", "/start/"
SEALED = {"sealed_referral_id": uuid7()}
LOOKS_AFTER = (Role.SENIOR_CONTRACTS_OFFICER, Role.DPS_MANAGER)


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=Authority.objects.get(is_lead=True))


def owed(authority_id, key, *, attempts, due=NOON, done=None, dead=None, **more):
    with acting_as(system(authority_id)):
        owe("test.make_agreement", key=key, authority_id=authority_id, at=due, child="Wren", **more)
        ran = {"attempts": attempts, "done_at": done, "dead_at": dead}
        OwedJob.objects.filter(key=key).update(**ran)


@pytest.fixture
def two_fail(region):
    """Of six jobs: one has just begun to fail, one is done at last, one is under seal."""
    hour = timedelta(hours=1)
    owed(region.west.id, "a", attempts=4)
    owed(region.west.id, "b", attempts=12, due=NOON - hour, dead=NOON)
    owed(region.east.id, "c", attempts=5, due=NOON - 2 * hour)
    owed(region.west.id, "d", attempts=3)
    owed(region.west.id, "e", attempts=7, done=NOON)
    owed(region.west.id, "f", attempts=9, **SEALED)
    return region


def test_what_keeps_failing_is_told_by_kind_and_council(two_fail, manager):
    with acting_as(manager):
        found = failing_jobs()

    hour, job_name = timedelta(hours=1), "test.make_agreement"
    assert found == [
        FailingJobs(two_fail.east.name, job_name, 1, NOON - 2 * hour, 0),
        FailingJobs(two_fail.west.name, job_name, 2, NOON - hour, 1),
    ]


def test_nobody_but_the_central_team_may_ask_the_database(two_fail):
    councillor = make_person(Role.APPROVER, authority=two_fail.west)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        acting_as(councillor),
    ):
        failing_jobs()


@pytest.mark.parametrize("role", LOOKS_AFTER)
def test_it_waits_on_the_start_page_and_leads_to_the_list(two_fail, role):
    person = make_person(role, authority=Authority.objects.get(is_lead=True))
    browser = Browser(person)

    start, page = plain(browser.get(START)), plain(browser.get(PAGE))

    assert "3 jobs keep failing Since 2 November 2026 at 10am: Make agreement" in start
    assert f"Make agreement {two_fail.east.name} 1 2 November 2026 at 10am Still tried" in page
    assert f"Make agreement {two_fail.west.name} 2 2 November 2026 at 11am 1 no longer" in page
    assert "Wren" not in start + page


def test_while_all_is_well_nothing_is_said(region, manager):
    browser = Browser(manager)

    assert "failing" not in plain(browser.get(START)).replace("Jobs that keep failing", "")
    assert "No job keeps failing. You need to do nothing." in plain(browser.get(PAGE))


def test_an_officer_is_told_nothing(two_fail):
    lead = Authority.objects.get(is_lead=True)
    browser = Browser(make_person(Role.CONTRACTS_OFFICER, authority=lead))

    assert "failing" not in plain(browser.get(START))
    assert browser.get(reverse("failing_jobs")).status_code == 403


def test_the_command_lists_them_with_their_ids_and_has_them_done_again(two_fail):
    done = []

    @job("test.make_agreement")
    def make(*, child, actor, now):
        done.append(child)

    later = NOON + timedelta(hours=2)
    try:
        listed, retried = StringIO(), StringIO()
        call_command("failing_jobs", stdout=listed)
        call_command("failing_jobs", "--retry", stdout=retried)
        for job_id in relay.lease(two_fail.west.id, now=later):
            relay.run(two_fail.west.id, job_id, now=later)
    finally:
        del HANDLERS["test.make_agreement"]

    ids = "{'child': 'Wren'}"
    west = two_fail.west.code
    assert [line for line in listed.getvalue().splitlines() if "given up" in line] == [
        f"{west} test.make_agreement {ids} due 2026-11-02 11:00Z, 12 attempts, given up: "
    ]
    assert len(listed.getvalue().splitlines()) == 4
    assert f"{two_fail.west.code} 3 to be done again" in retried.getvalue()
    assert done == ["Wren"] * 4
    with acting_as(system(REGION_ID)):
        assert not OwedJob.objects.exists()
