"""Run by several processes, or killed between its steps: every award is published exactly once."""

import signal
import subprocess
import sys
import threading

import pytest
from django.db import connection

from contracts.models import Publication, PublishedAward
from contracts.services import publishing
from dps.actors import REGION_ID, system
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from tests.factories.contracts import make_agreement, make_sides, make_signed, sign_as
from tests.integration.contracts.test_publishing import APRIL, BOSS, publish

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PROGRAM = """
import datetime, sys, time
import django
django.setup()
from contracts.publication.quarters import Quarter
from contracts.services import publishing
from dps.actors import system
from dps.tenancy.identity import acting_as

stop = sys.argv[1]

def say_and_wait(*args):
    print("here", flush=True)
    sys.stdin.read()

def pausing_after(owner, name):
    real = getattr(owner, name)
    def then_wait(*args, **kwargs):
        result = real(*args, **kwargs)
        say_and_wait()
        return result
    setattr(owner, name, then_wait)

if stop == "when the publication is begun":
    pausing_after(publishing, "_head")
elif stop == "after the first council":
    pausing_after(publishing._Writer, "write_all_of")
elif stop == "after all awards":
    pausing_after(publishing._Writer, "finish")
elif stop == "before the commit":
    pausing_after(publishing.audit, "record")
boss = system(0)
now = datetime.datetime(2027, 1, 1, 5, tzinfo=datetime.UTC)
with acting_as(boss):
    publishing.publish_quarter(quarter=Quarter(2026, 4), actor=boss, now=now)
say_and_wait()
"""
STEPS = (
    "when the publication is begun",
    "after the first council",
    "after all awards",
    "before the commit",
    "after the commit",
)


def three_awards(region):
    west, east = make_sides(region), make_sides(region, authority=region.east)
    return {make_signed(sides).award_id for sides in (west, west, east)}


def places():
    """Every published award with its place: a doubled one would be here twice."""
    rows = PublishedAward.objects.order_by("position")
    return list(rows.values_list("award_id", "publication__quarter", "position"))


def assert_published_once(award_ids):
    assert sorted(award_id for award_id, _, _ in places()) == sorted(award_ids)
    assert [(quarter, place) for _, quarter, place in places()] == [
        ("2026-q4", number) for number in range(len(award_ids))
    ]
    assert Publication.objects.get().award_count == len(award_ids)
    with acting_as(BOSS):
        assert AuditEvent.objects.filter(action="quarter.published").count() == 1


def start(environment, *words):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def end(process):
    process.kill()
    process.communicate()


def test_four_processes_at_once(region, process_environment):
    award_ids = three_awards(region)

    running = [start(process_environment, "") for _ in range(4)]
    said = [process.stdout.readline() for process in running]
    for process in running:
        end(process)

    assert said == ["here\n"] * 4
    assert_published_once(award_ids)


@pytest.mark.parametrize("step", STEPS)
def test_killed_between_its_steps(region, process_environment, step):
    award_ids = three_awards(region)
    process = start(process_environment, step)
    assert process.stdout.readline() == "here\n"
    before = Publication.objects.count()

    process.send_signal(signal.SIGKILL)
    process.communicate()
    after_the_kill = places()
    publish()

    assert process.returncode == -signal.SIGKILL
    assert before == (1 if step == "after the commit" else 0)
    assert after_the_kill == (places() if step == "after the commit" else [])
    assert_published_once(award_ids)


def test_an_award_signed_while_publishing_goes_out_now_or_next(region, monkeypatch):
    """One council's awards are being written when two more are signed, there and elsewhere."""
    west, east = make_sides(region), make_sides(region, authority=region.east)
    award_ids = {make_signed(west).award_id}
    waiting = [(west, make_agreement(west)), (east, make_agreement(east))]
    award_ids |= {agreement.award_id for _, agreement in waiting}
    real = publishing._Writer.write_all_of

    def meanwhile(writer, authority_id, quarter):
        real(writer, authority_id, quarter)
        if authority_id == region.west.id:
            in_another_connection(lambda: [sign_both(*each) for each in waiting])

    monkeypatch.setattr(publishing._Writer, "write_all_of", meanwhile)
    publish()
    monkeypatch.undo()
    first = {award_id for award_id, _, _ in places()}
    publishing.publish_ended_quarters(actor=system(REGION_ID), now=APRIL)

    # East Sussex was read after its signature, West Sussex before.
    assert len(first) == 2
    assert sorted(award_id for award_id, _, _ in places()) == sorted(award_ids)


def sign_both(sides, agreement):
    sign_as(sides.approver, agreement)
    sign_as(sides.head, agreement)


def in_another_connection(work):
    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
