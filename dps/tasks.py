"""Celery entry points of the kernel: every owed job, the audit heads, files that nobody used."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from dps.actors import REGION_ID, system
from dps.documents import uploads
from dps.documents.forgetting import forget_unused_uploads
from dps.outbox import relay
from dps.services import joining  # noqa: F401 -- does the job that sends the links
from dps.services.lodging import lodge_heads
from dps.tenancy.identity import acting_as

__all__ = ["forget_unused_files", "lodge_audit_heads", "run_owed_job", "uploads"]


@shared_task(name=relay.RUN_OWED_JOB)
def run_owed_job(*, authority_id: int, job_id: str, **_from_newer_publishers: object) -> None:
    relay.run(authority_id, job_id, now=timezone.now())


@shared_task(name="dps.lodge_audit_heads")
def lodge_audit_heads(**_from_newer_publishers: object) -> None:
    lodge_heads(now=timezone.now())


@shared_task(name="dps.forget_unused_files")
def forget_unused_files(**_from_newer_publishers: object) -> None:
    boss = system(REGION_ID)
    with acting_as(boss):
        forget_unused_uploads(actor=boss, now=timezone.now())
