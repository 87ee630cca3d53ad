"""The qualified list, the scores carried into referrals, and suspensions."""

from django.db import models
from django.db.models import Q

from dps.tenancy.models import IdentifiedModel


class Qualification(IdentifiedModel):
    """An establishment on the published list of a category."""

    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="qualifications"
    )
    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    application_id = models.UUIDField()
    # What it must go on meeting; who reads the list may read no application.
    rule_set = models.ForeignKey(
        "qualification.RuleSet", on_delete=models.PROTECT, related_name="+"
    )
    qualified_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "category"],
                condition=Q(ended_at__isnull=True),
                name="qualified_once_a_category",
            )
        ]


class CompetencyScore(IdentifiedModel):
    """The method statement score in force from a moment on, in hundredths of a point (BC 7.12)."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveIntegerField()
    from_moment = models.DateTimeField()
    reason = models.TextField()
    # Where its grades stand: in a review, or in the application that was decided.
    review = models.ForeignKey(
        "qualification.ScoreReview", on_delete=models.PROTECT, null=True, related_name="+"
    )
    application = models.ForeignKey(
        "qualification.Application", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=10_000), name="competency_at_most_100"),
            models.UniqueConstraint(
                fields=["qualification", "from_moment"], name="competency_once_a_moment"
            ),
        ]


class Suspension(IdentifiedModel):
    """An establishment out of every authority's referrals, and why (BC 4.5, 7.21)."""

    class Cause(models.TextChoices):
        INSURANCE = "insurance", "Insurance has expired"
        INSPECTION = "inspection", "Inspection result no longer passes"
        REGISTRATION = "registration", "No longer open on the register"
        OTHER = "other", "Another criterion or contract term"

    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="suspensions"
    )
    cause = models.CharField(max_length=12, choices=Cause)
    reason = models.TextField()
    failed = models.JSONField(default=list)
    """Codes of the questions that have to be put right, where the cause alone does not say."""
    is_automatic = models.BooleanField(default=False)
    suspended_at = models.DateTimeField()
    suspended_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    lift_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-suspended_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "cause"],
                condition=Q(lifted_at__isnull=True),
                name="suspended_once_a_cause",
            ),
            models.CheckConstraint(
                name="suspension_lifted_with_a_reason",
                condition=Q(lifted_at__isnull=True) | ~Q(lift_reason=""),
            ),
        ]
