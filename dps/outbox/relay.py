"""The relay: hands waiting jobs to Celery; a lost hand-over is repeated when its lease ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from dps.actors import system
from dps.models import Authority, OwedJob
from dps.outbox.jobs import perform
from dps.queries.failing import failing_rows
from dps.tenancy.identity import acting_as

RUN_OWED_JOB = "dps.run_owed_job"
LEASE = timedelta(seconds=30)
BATCH = 100
MAX_ATTEMPTS = 12


def lease(authority_id: int, *, now: datetime) -> list[str]:
    """Take up to a batch of one authority's due jobs and return their ids."""
    with acting_as(system(authority_id)):
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        waiting = OwedJob.objects.filter(
            free, due_at__lte=now, done_at__isnull=True, dead_at__isnull=True
        )
        ids = list(
            waiting.select_for_update(skip_locked=True)
            .order_by("due_at", "id")
            .values_list("id", flat=True)[:BATCH]
        )
        OwedJob.objects.filter(id__in=ids).update(leased_until=now + LEASE)
    return [str(job_id) for job_id in ids]


def lease_everywhere(*, now: datetime) -> list[tuple[int, str]]:
    """Authority by authority, so that each query touches one partition."""
    authorities = Authority.objects.order_by("id").values_list("id", flat=True)
    return [(one, job_id) for one in authorities for job_id in lease(one, now=now)]


def run(authority_id: int, job_id: str, *, now: datetime) -> bool:
    """Do one job and mark it done, in one transaction. False when there was nothing to do."""
    actor = system(authority_id)
    try:
        with acting_as(actor):
            owed = (
                OwedJob.objects.select_for_update(skip_locked=True)
                .filter(id=job_id, done_at__isnull=True, dead_at__isnull=True)
                .first()
            )
            if owed is None:
                return False
            perform(owed.job, owed.ids, actor=actor, now=now)
            owed.done_at = now
            owed.save(update_fields=["done_at"])
            return True
    except Exception as error:
        _note_failure(authority_id, job_id, error=error, now=now)
        raise


def try_again(authority_id: int) -> int:
    """Have one authority's failing jobs done again from the start; how many these are."""
    with acting_as(system(authority_id)):
        failing = failing_rows(authority_id).order_by()
        return failing.update(attempts=0, leased_until=None, dead_at=None, last_error="")


def _note_failure(authority_id: int, job_id: str, *, error: Exception, now: datetime) -> None:
    """Count the attempt and wait longer each time; after the last the job is dead, for a person."""
    with acting_as(system(authority_id)):
        jobs = OwedJob.objects.filter(id=job_id)
        jobs.update(attempts=F("attempts") + 1, last_error=type(error).__name__)
        owed = jobs.get()
        wait = timedelta(seconds=min(2**owed.attempts, 600))
        dead_at = now if owed.attempts >= MAX_ATTEMPTS else None
        jobs.update(leased_until=now + wait, dead_at=dead_at)
