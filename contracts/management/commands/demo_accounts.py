"""Print who can sign in to the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contracts.loading.authorities import PASSWORD
from dps.demo.establishments import providers
from dps.demo.people import AUTHORITIES, authority_people, central_team, provider_people


class Command(BaseCommand):
    help = "Print the demo's sign-ins, one for each role and authority."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("only the demo has accounts that everybody knows")
        names = {one.key: one.name for one in AUTHORITIES}
        firms = {one.key: one.name for one in providers()}
        self.stdout.write(f"Everybody's password is {PASSWORD}\n")
        for person in (*central_team(), *authority_people(), *provider_people()):
            central = person in central_team()
            home = (
                "Central team"
                if central
                else names.get(person.authority or "") or firms[person.provider or ""]
            )
            self.stdout.write(f"  {home:34.34} {person.role.words:26} {person.email}")
        self.stdout.write("  Parents have no account: their links and codes are in the mailbox.")
