"""Publishes the awards of a quarter, or of every quarter that is over and was not published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contracts.publication.quarters import Quarter
from contracts.services.publishing import publish_ended_quarters, publish_quarter
from dps.actors import REGION_ID, system
from dps.refusals import Refusal
from dps.tenancy.identity import acting_as


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("quarter", nargs="?", help='like 2026-Q3; "Q1" is January to March')

    def handle(self, *args: Any, **options: Any) -> None:
        actor, now = system(REGION_ID), timezone.now()
        try:
            if options["quarter"]:
                quarter = Quarter.parse(options["quarter"].lower())
                with acting_as(actor):
                    published = [publish_quarter(quarter=quarter, actor=actor, now=now)]
            else:
                published = publish_ended_quarters(actor=actor, now=now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        for one in published:
            self.stdout.write(f"{one.quarter}: {one.award_count} awards, {one.package_sha256}")
        if not published:
            self.stdout.write("Every quarter that is over has been published.")
