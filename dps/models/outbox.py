from django.db import models
from django.db.models import Q

from dps.tenancy.models import TenantModel

FAILS_FROM = 4
"""So many attempts in vain, about half a minute, are no accident any more."""


class OwedJob(TenantModel):
    """What must happen after a change, written in the change's own transaction. Ids only."""

    job = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    ids = models.JSONField(default=dict)
    sealed_referral_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="owed_job_once_a_key")
        ]
        indexes = [
            models.Index(
                fields=["authority", "due_at"],
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
                name="owed_job_waiting",
            ),
            models.Index(
                fields=["authority", "job"],
                condition=Q(done_at__isnull=True, attempts__gte=FAILS_FROM),
                name="owed_job_failing",
            ),
        ]
