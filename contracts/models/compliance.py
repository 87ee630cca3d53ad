"""The annual compliance audit of every establishment (BC 7.21)."""

from django.db import models
from django.db.models import Q

from dps.tenancy.models import IdentifiedModel


class ComplianceRun(IdentifiedModel):
    """One pass over all qualified establishments, as of one day in London; it can be resumed."""

    as_of = models.DateField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    # The last establishment that was looked at, in the order of ids.
    reached = models.UUIDField(null=True)
    checked = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    resolved = models.PositiveIntegerField(default=0)
    reminded = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-as_of"]


class ComplianceFinding(IdentifiedModel):
    """What was found of one item of one establishment; open until the cause is lifted."""

    class Item(models.TextChoices):
        INSURANCE = "insurance", "Insurance"
        INSPECTION = "inspection", "Inspection"
        REGISTRATION = "registration", "Registration"

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="+"
    )
    item = models.CharField(max_length=14, choices=Item)
    words = models.CharField(max_length=300)
    suspends = models.BooleanField()
    """Whether the rule suspends by itself; else an officer looks at it."""
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-found_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "item"],
                condition=Q(resolved_at__isnull=True),
                name="finding_open_once",
            )
        ]


class ComplianceReminder(IdentifiedModel):
    """A warning before expiry, sent once for each piece of evidence and number of days."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey("providers.Evidence", on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "days"], name="reminded_once")]
