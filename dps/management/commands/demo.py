"""Runs the whole demonstration until Ctrl-C: `make demo` calls it."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand

from dps.embedded.children import CannotStart
from dps.embedded.demonstration import Demonstration, Wishes


class Command(BaseCommand):
    help = "Start the demonstration: servers, data, web, relay, worker and clock, until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to answer on")
        parser.add_argument("--port", default=8000, type=int, help="the port to answer on")
        parser.add_argument(
            "--reset", action="store_true", help="throw the data away and begin anew"
        )

    def handle(self, *_args: Any, host: str, port: int, reset: bool, **_options: Any) -> None:
        wishes = Wishes(
            host=host,
            port=port,
            start_afresh=reset,
            database_url=os.environ.get("DATABASE_URL") or None,
            redis_url=os.environ.get("REDIS_URL") or None,
        )
        demonstration = Demonstration(
            settings.PLACES,
            wishes,
            project=settings.BASE_DIR,
            commands=get_commands(),
            write=self._write,
        )
        try:
            demonstration.run()
        except CannotStart as problem:
            self.stderr.write(str(problem))
            sys.exit(1)

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
