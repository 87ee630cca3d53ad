"""The site as a visitor meets it: a real server on a copy of the demo region, with its clock."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import psycopg
from django.db import connections
from django.test import override_settings
from psycopg import sql

from dps.actors import system
from dps.models import Authority, OwedJob
from dps.outbox import relay
from dps.tenancy.identity import acting_as

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


@dataclass
class Site:
    """Where it answers, and how far its clock has been moved."""

    address: str
    owner_url: str
    clock: Path
    log: Path
    shift: timedelta = field(default_factory=timedelta)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def wait(self, shift: timedelta) -> None:
        """Let time pass, for the server and for its database."""
        self.shift += shift
        self.clock.write_text(f"{self.shift.total_seconds():.0f}")
        connections.close_all()
        name = urlsplit(self.owner_url).path.lstrip("/")
        with psycopg.connect(self.owner_url, autocommit=True) as owner:
            seconds = f"{self.shift.total_seconds():.0f} seconds"
            statement = sql.SQL("ALTER DATABASE {} SET app.clock_shift = {}")
            owner.execute(statement.format(sql.Identifier(name), sql.Literal(seconds)))
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def settle(self) -> None:
        """Do what has been owed since the site began, as the relay and the worker would."""
        for authority_id in Authority.objects.order_by("id").values_list("id", flat=True):
            while waiting := self._waiting(authority_id):
                for job_id in waiting:
                    relay.run(authority_id, str(job_id), now=self.now)

    def _waiting(self, authority_id: int) -> list[object]:
        with acting_as(system(authority_id)):
            jobs = OwedJob.objects.filter(
                due_at__range=(self.began, self.now), done_at__isnull=True, dead_at__isnull=True
            )
            return list(jobs.order_by("due_at", "id").values_list("id", flat=True))


@contextmanager
def running(database_url: str, owner_url: str) -> Iterator[Site]:
    """Serve the copy of the region with two workers until the journeys end."""
    # Named as the copy is: two workers may each have a site.
    stem = Path(os.environ["DPS_STATE_DIR"]) / urlsplit(database_url).path.lstrip("/")
    clock, log = stem.with_suffix(".clock"), stem.with_suffix(".log")
    clock.write_text("0")
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "DPS_ADDRESS": address,
        "JOURNEY_CLOCK": str(clock),
    }
    with log.open("w") as said:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "tests.journeys.wsgi:application"),
                *(
                    "--bind",
                    f"127.0.0.1:{port}",
                    "--workers",
                    "2",
                    "--timeout",
                    "60",
                    "--no-control-socket",
                ),
            ],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=said,
        )
    try:
        _wait_for(address, server, log)
        # The same address in emails, which the demo's mailbox shows to the journeys.
        with override_settings(DEMO=True, PUBLIC_ADDRESS=address):
            yield Site(address, owner_url, clock, log)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(log.read_text()[-2000:])
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=2):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the site does not answer")
