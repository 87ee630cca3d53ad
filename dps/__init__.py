"""The kernel: authorities, people, tenancy, audit, outbox and permissions."""

from dps.celery import app as celery_app

__all__ = ["celery_app"]
