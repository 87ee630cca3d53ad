"""Load the demo region, through the services, as the application's own login."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from contracts.loading.authorities import (
    enrol_staff,
    found_region,
    invite_newcomers,
    set_passwords,
)
from contracts.loading.belonging import ask_about_joining, publish_first_terms, vary_terms
from contracts.loading.closing import audit, publish
from contracts.loading.directory import (
    add_invented,
    ask_for_unlisted,
    claim_real,
    inspect_later,
    read_register,
    register_providers,
)
from contracts.loading.expanding import expand
from contracts.loading.holding import hold_documents
from contracts.loading.market_set_up import set_up_market
from contracts.loading.qualifying import apply_all, suspend_two
from contracts.loading.referral_stories import tell_referrals
from contracts.loading.reviewing import put_one_right, review_scores
from contracts.loading.story import Story
from dps.models import Authority

CHAPTERS = (
    ("The seven councils, their categories and people", found_region, enrol_staff),
    ("The register of schools", read_register),
    ("Invented providers and establishments", register_providers, add_invented, ask_for_unlisted),
    ("Real schools from the register", claim_real),
    ("What they hold: policies, plans and accounts", hold_documents),
    ("Applications, grades and decisions", apply_all, inspect_later, suspend_two),
    ("Day schools that apply to board as well", expand),
    ("Twenty-five referrals", tell_referrals),
    ("Colleagues who have been invited", invite_newcomers),
    ("The market’s window, caps and next rules", set_up_market),
    ("Contract terms and a variation of them", publish_first_terms, vary_terms),
    ("Questions about joining", ask_about_joining),
    ("Scores under review, a suspension that is put right", review_scores, put_one_right),
    ("The annual audit and the ended quarters", audit, publish),
)


class Command(BaseCommand):
    help = "Load the demo region. Everything adverse happens to invented establishments only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="times as much, for benchmarks")

    def handle(self, *args: Any, scale: int, **options: Any) -> None:
        if not settings.CLOCK_MAY_MOVE:
            raise CommandError("the demo is never loaded into an installation in use")
        if Authority.objects.exists():
            raise CommandError("there is data already: `make demo RESET=1` starts afresh")
        if scale < 1:
            raise CommandError("--scale is 1 or more")
        began = time.monotonic()

        def say(words: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:6.1f} s  {words}")
            self.stdout.flush()

        story = Story(now=timezone.now(), say=say, scale=scale)
        for words, *parts in CHAPTERS:
            say(words)
            for part in parts:
                part(story)
        say("Messages")
        story.settle(story.now)
        set_passwords()
        say("Loaded")
