"""Runs the compliance audit now; it is safe to run again at any time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contracts.services.compliance import run_compliance_audit
from dps.actors import REGION_ID, system
from dps.clock import show_date
from dps.refusals import Refusal


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            metavar="DATE",
            help="another day than today, like 2027-03-01; where the clock may be moved only",
        )

    def handle(self, *args: Any, as_of: date | None, **options: Any) -> None:
        try:
            run = run_compliance_audit(actor=system(REGION_ID), now=timezone.now(), as_of=as_of)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(
            f"As of {show_date(run.as_of)}: {run.checked} checked, {run.found} found,"
            f" {run.resolved} put right, {run.reminded} warned in all runs of that day."
        )
