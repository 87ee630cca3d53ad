"""Jobs that keep failing: what central people read of them, and what a command does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from dps.models import OwedJob
from dps.models.outbox import FAILS_FROM


@dataclass(frozen=True, slots=True)
class FailingJobs:
    """Jobs of one kind for one council. No key and no id: these name what the job is about."""

    authority: str
    job: str
    how_many: int
    since: datetime
    """When the oldest of them fell due."""
    given_up: int
    """How many of them are tried no more."""


def failing_jobs() -> list[FailingJobs]:
    """Of every council, oldest first, by a function of the database that central people may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT authority, job, how_many, since, given_up FROM failing_jobs()")
        return [FailingJobs(*row) for row in cursor.fetchall()]


def failing_rows(authority_id: int) -> QuerySet[OwedJob]:
    """The rows themselves, for the system in one chain."""
    owed = OwedJob.objects.of(authority_id).filter(done_at__isnull=True, attempts__gte=FAILS_FROM)
    return owed.order_by("due_at", "id")
