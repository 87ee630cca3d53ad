"""Celery entry points; importing the services tells workers which jobs they can do."""

from contracts.services import agreements

__all__ = ["agreements"]
