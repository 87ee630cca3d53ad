"""The time and the people of the story: every step happens at a moment of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from dps.actors import REGION_ID, Actor, Role, system
from dps.models import Authority, Category, OwedJob
from dps.outbox import relay
from dps.tenancy.identity import acting_as

# Making a PDF takes most of a second: the worker makes these after the start.
LEFT_TO_THE_WORKER = ("qualification.make_outcome_letter", "referrals.print_award_letter")


@dataclass
class Story:
    """What the chapters share. `now` is the moment at which the demo is loaded."""

    now: datetime
    say: Callable[[str], None]
    scale: int = 1
    authorities: dict[str, Authority] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    people: dict[tuple[str, Role], list[Actor]] = field(default_factory=dict)
    providers: dict[str, Actor] = field(default_factory=dict)
    establishments: dict[str, UUID] = field(default_factory=dict)
    bidders: set[UUID] = field(default_factory=set)
    inspected_later: list[Callable[[], None]] = field(default_factory=list)

    def ago(self, *, days: float = 0, hours: float = 0) -> datetime:
        return self.now - timedelta(days=days, hours=hours)

    def person(self, key: str, role: Role, number: int = 0) -> Actor:
        """Somebody of an authority (by key), of the central team ("central") or of a provider."""
        return self.people[(key, role)][number]

    @contextmanager
    def acting(self, actor: Actor, at: datetime) -> Iterator[Actor]:
        with acting_as(actor, at=at):
            yield actor

    def settle(self, at: datetime) -> None:
        """Do what is owed by then, as the relay and the worker would."""
        for authority_id in (REGION_ID, *(one.id for one in self.authorities.values())):
            self._settle_authority(authority_id, at)

    def _settle_authority(self, authority_id: int, at: datetime) -> None:
        while waiting := _waiting(authority_id, at):
            for job_id in waiting:
                relay.run(authority_id, str(job_id), now=at)


def _waiting(authority_id: int, at: datetime) -> list[UUID]:
    with acting_as(system(authority_id)):
        jobs = OwedJob.objects.filter(due_at__lte=at, done_at__isnull=True, dead_at__isnull=True)
        jobs = jobs.exclude(job__in=LEFT_TO_THE_WORKER)
        return list(jobs.order_by("due_at", "id").values_list("id", flat=True))
