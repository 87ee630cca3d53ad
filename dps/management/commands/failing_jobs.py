"""List the jobs that keep failing; when the cause is mended, have them done again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dps.actors import system
from dps.models import Authority
from dps.outbox.relay import try_again
from dps.queries.failing import failing_rows
from dps.tenancy.identity import acting_as


class Command(BaseCommand):
    help = "List the jobs that keep failing, with their ids (--retry: have them done again)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="the cause is mended")

    def handle(self, *args: Any, retry: bool, **options: Any) -> None:
        for authority in Authority.objects.order_by("id"):
            with acting_as(system(authority.id)):
                for owed in failing_rows(authority.id):
                    state = "given up" if owed.dead_at else "still tried"
                    self.stdout.write(
                        f"{authority.code} {owed.job} {owed.ids} due {owed.due_at:%Y-%m-%d %H:%M}Z,"
                        f" {owed.attempts} attempts, {state}: {owed.last_error}"
                    )
            if retry:
                self.stdout.write(f"{authority.code} {try_again(authority.id)} to be done again")
