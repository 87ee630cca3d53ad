from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from dps.models import OwedJob


class OwedOutsideTransaction(RuntimeError):
    """A job is owed in the transaction of the change that causes it."""


def owe(
    job: str,
    *,
    key: str,
    authority_id: int,
    at: datetime,
    sealed_referral_id: UUID | None = None,
    **ids: str | int,
) -> None:
    """Owe a job once per authority and key; `at` is when it falls due.

    :raises OwedOutsideTransaction: there is no open transaction.
    """
    if not connection.in_atomic_block:
        raise OwedOutsideTransaction
    OwedJob.objects.bulk_create(
        [
            OwedJob(
                authority_id=authority_id,
                job=job,
                key=key,
                ids=ids,
                due_at=at,
                sealed_referral_id=sealed_referral_id,
            )
        ],
        ignore_conflicts=True,
    )
