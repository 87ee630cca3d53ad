"""What waits for those who look after the service itself: work that it cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from dps.actors import Actor
from dps.clock import show_instant
from dps.permissions import Action, may
from dps.presenters.failing import words_of
from dps.queries.failing import FailingJobs, failing_jobs
from dps.waiting import Section, Waiting


def sections(actor: Actor, now: datetime) -> Iterator[Section]:
    """Nothing while all is well: whoever has never seen it will notice it."""
    if may(actor, Action.VIEW_FAILING_JOBS) and (failing := failing_jobs()):
        yield Section("The service needs attention", (_waiting(failing),), empty="")


def _waiting(failing: list[FailingJobs]) -> Waiting:
    many, oldest = sum(one.how_many for one in failing), failing[0]
    return Waiting(
        text="1 job keeps failing" if many == 1 else f"{many} jobs keep failing",
        href=reverse("failing_jobs"),
        detail=f"Since {show_instant(oldest.since)}: {words_of(oldest.job)}, {oldest.authority}",
    )
