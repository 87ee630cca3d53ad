"""Bring the directory up to date from a public register."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dps.actors import REGION_ID, system
from dps.refusals import Refusal
from dps.services.authorities import add_region
from dps.tenancy.identity import acting_as
from providers.gias import BrokenFile
from providers.services.registers import GIAS, Report, import_register

BAR = 40


class Command(BaseCommand):
    help = "Import a register's download: establishments are created, updated and marked closed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("register", choices=[GIAS], help="which register the file comes from")
        parser.add_argument(
            "file", type=Path, help="the download, as in edubasealldata20261102.csv"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, only")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        add_region(now=now)
        actor = system(REGION_ID)
        try:
            with acting_as(actor):
                report = import_register(
                    options["file"],
                    actor=actor,
                    now=now,
                    dry_run=options["dry_run"],
                    progress=_show if sys.stderr.isatty() else None,
                )
        except Refusal as refusal:
            if options["json"] and isinstance(refusal, BrokenFile):
                self._print_json(_nothing_done(refusal))
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            self._print_json(_as_json(report))
        else:
            self._print_words(report, dry_run=options["dry_run"])

    def _print_json(self, report: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False))

    def _print_words(self, report: Report, *, dry_run: bool) -> None:
        counts = report.counts()
        if dry_run:
            self.stdout.write("Nothing has been written. An import would give:")
        for name in ("read", "created", "updated", "unchanged", "skipped", "errors"):
            self.stdout.write(f"{name:10}{counts[name]:>8,}")
        for error in report.errors:
            self.stdout.write(f"line {error.line}, URN {error.urn or 'none'}: {error.reason}")


def _as_json(report: Report) -> dict[str, Any]:
    errors = [{"line": e.line, "urn": e.urn, "reason": e.reason} for e in report.errors]
    return {**report.counts(), "errors": errors}


def _nothing_done(broken: BrokenFile) -> dict[str, Any]:
    counts = Report(0, 0, 0, 0, 0, ()).counts()
    return {**counts, "errors": [{"line": broken.line, "urn": "", "reason": broken.message}]}


def _show(done: int, of: int) -> None:
    filled = BAR * done // of
    end = "\n" if done == of else ""
    sys.stderr.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done:,} of {of:,}{end}")
    sys.stderr.flush()
