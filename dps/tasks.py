"""Celery entry points of the kernel: one for every owed job, one that lodges the audit heads."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from dps.documents import uploads
from dps.outbox import relay
from dps.services import joining  # noqa: F401 -- does the job that sends the links
from dps.services.lodging import lodge_heads

__all__ = ["lodge_audit_heads", "run_owed_job", "uploads"]


@shared_task(name=relay.RUN_OWED_JOB)
def run_owed_job(*, authority_id: int, job_id: str, **_from_newer_publishers: object) -> None:
    relay.run(authority_id, job_id, now=timezone.now())


@shared_task(name="dps.lodge_audit_heads")
def lodge_audit_heads(**_from_newer_publishers: object) -> None:
    lodge_heads(now=timezone.now())
