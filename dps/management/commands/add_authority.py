"""Add a partner or joiner authority at run time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dps.actors import REGION_ID, system
from dps.govuk.colour import contrast
from dps.models import Authority
from dps.money import pounds
from dps.refusals import Refusal
from dps.services.authorities import NewAuthority, add_authority, add_region
from dps.tenancy.identity import acting_as

LEAST_CONTRAST = 4.5


class Command(BaseCommand):
    help = "Add an authority: its partitions, keys and audit chain, in one transaction."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="short code, as in WSX")
        parser.add_argument("name", help="name of the council")
        parser.add_argument("--kind", choices=["partner", "joiner"], default="partner")
        parser.add_argument("--lead", action="store_true", help="runs the market for all")
        parser.add_argument("--colour", default="#1d4f91", help="brand colour, as in #1d4f91")
        parser.add_argument("--fee", default="0", help="joining fee in pounds")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if contrast(options["colour"]) < LEAST_CONTRAST:
            raise CommandError("--colour is too pale to be read on white")
        add_region(now=now)
        actor = system(REGION_ID)
        try:
            with acting_as(actor):
                authority = add_authority(self._new(options, now.date()), actor=actor, now=now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{authority.name} joined with number {authority.id}")

    def _new(self, options: dict[str, Any], today: Any) -> NewAuthority:
        return NewAuthority(
            code=options["code"],
            name=options["name"],
            kind=Authority.Kind(options["kind"]),
            joined_on=today,
            is_lead=options["lead"],
            brand_colour=options["colour"],
            joining_fee_pence=pounds(options["fee"]),
        )
