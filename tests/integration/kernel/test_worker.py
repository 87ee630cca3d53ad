"""The whole way of an owed job: outbox, relay, broker, a real worker, once."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import timezone

from dps.actors import Role, system
from dps.models import Message, OwedJob
from dps.services.messages import Letter, send
from dps.tenancy.identity import acting_as
from tests.factories.kernel import make_person, make_region

ROOT = Path(__file__).parents[3]
PATIENCE = 90
WORKER = ("-m", "celery", "-A", "dps", "worker", "-c", "1", "-l", "error")


@pytest.fixture
def message(transactional_db):
    region = make_region()
    admin = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west)
    context = {"authority": "West Sussex", "mark": "ab"}
    now = timezone.now()
    with acting_as(system(region.west.id)):
        letter = Letter("dps/audit_head", admin.person_id, context)
        send(letter, key="head:1", authority_id=region.west.id, now=now)
        return Message.objects.get(key="head:1")


def run(environment, *arguments):
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def is_done(message):
    with acting_as(system(message.authority_id)):
        return OwedJob.objects.filter(key="message:head:1", done_at__isnull=False).exists()


def wait_for(message):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if is_done(message):
            return True
        time.sleep(0.2)
    return False


def test_a_killed_worker_loses_nothing(message, process_environment):
    """The first worker is killed with the job in its hands; the lease ends, the second does it."""
    relay = run(process_environment, "manage.py", "relay", "--pause", "0.2")
    first = run(process_environment, *WORKER)
    try:
        time.sleep(1)
        first.send_signal(signal.SIGKILL)
        first.wait()
        second = run(process_environment, *WORKER)
        try:
            assert wait_for(message)
        finally:
            second.terminate()
            second.wait(20)
    finally:
        relay.terminate()
        relay.wait(20)

    with acting_as(system(message.authority_id)):
        sent = Message.objects.get(pk=message.pk)
    assert sent.sent_at is not None
    assert sent.subject
