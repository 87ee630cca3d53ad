"""The audit as the clockwork runs it: again, in batches, stopped in the middle, by hand."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import ComplianceFinding, ComplianceRun
from contracts.services import compliance
from contracts.tasks import run_compliance_audit
from dps.actors import REGION_ID, system
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from qualification.models import Suspension
from tests.factories.compliance import (
    BOSS,
    TODAY,
    make_insured,
    open_findings,
    run_audit,
    suspensions,
)
from tests.factories.kernel import NOON
from tests.factories.referrals import make_school

YESTERDAY = TODAY - timedelta(days=1)
IN_FORCE, LIFTED = True, False


def counts(run):
    return (run.checked, run.found, run.resolved, run.reminded)


def test_a_second_run_changes_nothing(region):
    make_insured(region, expires_on=YESTERDAY)
    make_insured(region, expires_on=TODAY + timedelta(days=30))
    first = run_audit()
    with acting_as(BOSS):
        events = AuditEvent.objects.count()

    second = run_audit(hours=1)

    assert counts(first) == counts(second) == (2, 1, 0, 1)
    assert second.pk == first.pk
    with acting_as(BOSS):
        assert AuditEvent.objects.count() == events
        assert (ComplianceFinding.objects.count(), Suspension.objects.count()) == (1, 1)


def test_reading_takes_the_same_number_of_queries_for_one_and_for_a_hundred(region):
    make_insured(region)
    run_audit()
    few = _queries()
    for _ in range(99):
        make_insured(region)

    many = _queries()

    with acting_as(BOSS):
        assert ComplianceRun.objects.get().checked == 100
    assert many == few


def _queries():
    with CaptureQueriesContext(connection) as captured:
        run_audit(hours=1)
    return len(captured)


def test_small_batches_look_at_everybody_once(region, monkeypatch):
    monkeypatch.setattr(compliance, "BATCH", 2)
    places = [make_insured(region, expires_on=YESTERDAY).establishment for _ in range(4)]

    run = run_audit()

    assert counts(run) == (4, 4, 0, 0)
    assert [suspensions(place) for place in places] == [[("insurance", True, IN_FORCE)]] * 4


class Killed(BaseException):
    pass


def test_killed_in_the_middle_it_keeps_what_it_did_and_goes_on(region, monkeypatch):
    monkeypatch.setattr(compliance, "BATCH", 2)
    places = [make_insured(region, expires_on=YESTERDAY).establishment for _ in range(5)]
    done, put_in_order = [], compliance._put_in_order

    def dying(*args, **kwargs):
        if len(done) == 3:
            raise Killed
        done.append(1)
        put_in_order(*args, **kwargs)

    monkeypatch.setattr(compliance, "_put_in_order", dying)
    with pytest.raises(Killed):
        run_audit()
    with acting_as(BOSS):
        stopped = ComplianceRun.objects.get()
    assert (counts(stopped), stopped.finished_at) == ((2, 3, 0, 0), None)

    monkeypatch.setattr(compliance, "_put_in_order", put_in_order)
    run = run_audit(hours=1)

    assert counts(run) == (5, 5, 0, 0)
    assert (run.started_at, run.finished_at) == (NOON, NOON + timedelta(hours=1))
    assert [suspensions(place) for place in places] == [[("insurance", True, IN_FORCE)]] * 5
    with acting_as(BOSS):
        assert AuditEvent.objects.filter(action="compliance.audited").count() == 1


def test_killed_between_finding_and_suspending_it_leaves_neither(region, monkeypatch):
    place = make_insured(region, expires_on=YESTERDAY).establishment

    def dying(**_):
        raise Killed

    monkeypatch.setattr(compliance, "suspend", dying)
    with pytest.raises(Killed):
        run_audit()

    assert (open_findings(place), suspensions(place)) == ({}, [])


def test_another_day_is_for_places_where_the_clock_may_move(region, settings):
    place = make_insured(region).establishment
    later = TODAY + timedelta(days=200)

    settings.CLOCK_MAY_MOVE = False
    with pytest.raises(compliance.AnotherDay):
        run_audit(as_of=later)
    assert suspensions(place) == []

    settings.CLOCK_MAY_MOVE = True
    assert run_audit(as_of=later).as_of == later
    assert suspensions(place) == [("insurance", True, IN_FORCE)]


def test_the_command_says_what_it_did(region, capsys):
    make_school(region)

    call_command("run_compliance_audit", as_of=date(2027, 3, 1))

    assert capsys.readouterr().out == (
        "As of 1 March 2027: 1 checked, 1 found, 0 put right, 0 warned in all runs of that day.\n"
    )


def test_the_command_refuses_in_words(region, settings):
    settings.CLOCK_MAY_MOVE = False

    with pytest.raises(CommandError, match="as of today only"):
        call_command("run_compliance_audit", as_of=date(2027, 3, 1))


def test_the_task_runs_as_of_now(region):
    run_compliance_audit(added_by_a_newer_publisher=1)

    with acting_as(system(REGION_ID)):
        assert ComplianceRun.objects.get().finished_at is not None
