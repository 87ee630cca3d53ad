"""Celery entry points; importing the services tells workers which jobs they can do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from contracts.services import agreements, compliance, publishing
from dps.actors import REGION_ID, system

__all__ = ["agreements", "publish_ended_quarters", "run_compliance_audit"]


@shared_task(name="contracts.publish_ended_quarters")
def publish_ended_quarters(**_from_newer_publishers: object) -> None:
    publishing.publish_ended_quarters(actor=system(REGION_ID), now=timezone.now())


@shared_task(name="contracts.run_compliance_audit")
def run_compliance_audit(**_from_newer_publishers: object) -> None:
    compliance.run_compliance_audit(actor=system(REGION_ID), now=timezone.now())
