"""Recompute every frozen evaluation from its stored inputs; a difference ends with exit code 1."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dps.actors import system
from dps.models import Authority
from dps.tenancy.identity import acting_as
from referrals.models import Evaluation
from referrals.services.ranking import problems_of


class Command(BaseCommand):
    help = "Recompute every frozen evaluation and compare it with what stands (0 differences)."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, problems = 0, 0
        for authority_id in Authority.objects.order_by("id").values_list("id", flat=True):
            with acting_as(system(authority_id)):
                for evaluation in Evaluation.objects.order_by("frozen_at"):
                    checked += 1
                    for problem in problems_of(evaluation):
                        problems += 1
                        self.stderr.write(f"{evaluation.referral_id}: {problem}")
        self.stdout.write(f"{checked} evaluations recomputed, {problems} differences")
        if problems:
            raise CommandError("The scores do not follow from the stored inputs")
