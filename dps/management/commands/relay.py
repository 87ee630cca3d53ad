"""Hand waiting jobs to Celery, authority by authority, until stopped."""

import signal
import threading
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from kombu.exceptions import OperationalError

from dps.outbox.relay import RUN_OWED_JOB, lease_everywhere


class Command(BaseCommand):
    help = "Hand waiting jobs to the workers until stopped (--once: one round)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--pause", type=float, default=0.5, help="seconds between rounds")

    def handle(self, *args: Any, once: bool, pause: float, **options: Any) -> None:
        stop = threading.Event()
        if not once:
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, lambda *_: stop.set())
        while True:
            self._round()
            if once or stop.wait(pause):
                return

    def _round(self) -> None:
        close_old_connections()
        try:
            for authority_id, job_id in lease_everywhere(now=timezone.now()):
                ids = {"authority_id": authority_id, "job_id": job_id}
                current_app.send_task(RUN_OWED_JOB, kwargs=ids)
        except (DatabaseError, OperationalError) as error:
            # The lease runs out and the next round repeats the hand-over.
            self.stderr.write(f"relay waits: {type(error).__name__}")
