"""What workers do for referrals: the owed jobs, known by their services being imported."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from dps.actors import Actor, system
from dps.models import Authority
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.tenancy.identity import acting_as
from referrals.jobs import INVITE_ESTABLISHMENT, INVITE_NEWLY_QUALIFIED
from referrals.services import (
    closing_choice,
    inviting,
    letters,
    parent_links,
    suspended_places,
    telling,
)

__all__ = ["inviting", "letters", "parent_links", "suspended_places", "telling"]


@job(INVITE_NEWLY_QUALIFIED)
def invite_newly_qualified(*, establishment_id: str, actor: Actor, now: datetime) -> None:
    """Owe each authority its own look at its open referrals, each in its own transaction."""
    for authority_id in Authority.objects.exclude(pk=actor.chain_id).values_list("pk", flat=True):
        with acting_as(system(authority_id)):
            owe(
                INVITE_ESTABLISHMENT,
                key=f"invite:{establishment_id}:{now.isoformat()}",
                authority_id=authority_id,
                at=now,
                establishment_id=establishment_id,
            )


@shared_task(name="referrals.close_choice_windows")
def close_choice_windows(**_from_newer_publishers: object) -> None:
    """Every five minutes: what is due is worked out from the clock, authority by authority."""
    now = timezone.now()
    for authority_id in Authority.objects.order_by("id").values_list("id", flat=True):
        actor = system(authority_id)
        with acting_as(actor):
            closing_choice.close_choice_windows(actor=actor, now=now)
