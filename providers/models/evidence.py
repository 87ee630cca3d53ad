from django.db import models
from django.db.models import F, Q

from dps.tenancy.models import IdentifiedModel
from providers.models.directory import Establishment, Provider


class Evidence(IdentifiedModel):
    """A certificate that an establishment holds: its number, sum and dates (Q8)."""

    class Kind(models.TextChoices):
        PUBLIC_LIABILITY = "public_liability", "Public liability insurance"
        EMPLOYERS_LIABILITY = "employers_liability", "Employers’ liability insurance"
        SAFEGUARDING = "safeguarding", "Safeguarding policy"

    INSURANCES = (Kind.PUBLIC_LIABILITY, Kind.EMPLOYERS_LIABILITY)

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=Kind)
    number = models.CharField(max_length=60, blank=True)
    sum_insured_pence = models.BigIntegerField(null=True, blank=True)
    issued_on = models.DateField()
    expires_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-expires_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("issued_on")), name="evidence_expires_after_issue"
            )
        ]
        indexes = [
            models.Index(fields=["establishment", "kind", "-expires_on"], name="evidence_latest")
        ]
