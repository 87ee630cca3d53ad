"""Verify the audit chains; optionally export one for the stand-alone verifier."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dps.actors import system
from dps.audit.export import export_lines
from dps.audit.verify import verify
from dps.models import Authority
from dps.services.lodging import lodged_marks
from dps.tenancy.identity import acting_as


class Command(BaseCommand):
    help = "Recompute every link of every authority's audit chain; exit 1 if one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--authority", help="only this authority's code")
        parser.add_argument("--export", type=Path, help="write the chains as JSON lines")
        parser.add_argument(
            "--lodged", action="store_true", help="print the marks that were mailed"
        )

    def handle(
        self, *args: Any, authority: str | None, export: Path | None, lodged: bool, **options: Any
    ) -> None:
        chosen = Authority.objects.order_by("id")
        if authority:
            chosen = chosen.filter(code=authority)
            if not chosen:
                raise CommandError(f"there is no authority with the code {authority}")
        if export is not None:
            export.write_text("", encoding="utf-8")
        if lodged:
            self._print_lodged(chosen)
        verdicts = [self._verify(one, export) for one in chosen]
        if not all(verdicts):
            sys.exit(1)

    def _print_lodged(self, chosen: Iterable[Authority]) -> None:
        for one in chosen:
            with acting_as(system(one.id)):
                for at, mark, salt in lodged_marks(one.id):
                    self.stdout.write(f"{one.code:8} {at:%Y-%m-%d %H:%M} {salt}:{mark}")

    def _verify(self, authority: Authority, export: Path | None) -> bool:
        with acting_as(system(authority.id)):
            verdict = verify(authority.id)
            if export is not None:
                with export.open("a", encoding="utf-8") as file:
                    for line in export_lines(authority.id):
                        file.write(json.dumps(line, sort_keys=True) + "\n")
        state = "sound" if verdict.is_sound else "BROKEN"
        self.stdout.write(
            f"{authority.code:8} {state:7} events {verdict.events}, broken {verdict.broken}, "
            f"unlinked {verdict.unlinked}, altered {verdict.altered}, head {verdict.head[:16]}"
        )
        return verdict.is_sound
