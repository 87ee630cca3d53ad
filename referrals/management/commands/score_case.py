"""Score a case from a file, without database, Redis or settings of any kind."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from referrals.scoring_case import check_cases, read_json, score_case
from referrals.scoring_terms import CannotBeScored

DIFFERENT = 1
BAD_CASE = 2


class Command(BaseCommand):
    help = (
        "Print the scores of one case as JSON; or check a list of {case, expected} and exit with 1"
        " if any differs. A bad case exits with 2 and names the field."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a JSON file, or - for standard input")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            case = read_json(_content(options["file"]))
            if isinstance(case, list):
                self._check(case)
            else:
                self.stdout.write(json.dumps(score_case(case), indent=2))
        except CannotBeScored as refusal:
            raise CommandError(f"{refusal.field}: {refusal}", returncode=BAD_CASE) from None

    def _check(self, cases: list[Any]) -> None:
        found = check_cases(cases)
        if found:
            self.stdout.write("\n".join(found))
            raise CommandError(f"{len(found)} differences", returncode=DIFFERENT)
        self.stdout.write(f"{len(cases)} cases, all as expected")


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as problem:
        words = f"file: It cannot be read ({type(problem).__name__})"
        raise CommandError(words, returncode=BAD_CASE) from None
