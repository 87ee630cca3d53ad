"""The qualified list, the scores carried into referrals, and suspensions."""

from django.db import models
from django.db.models import F, Q

from dps.tenancy.models import IdentifiedModel


class Qualification(IdentifiedModel):
    """An establishment on the published list of a category."""

    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="qualifications"
    )
    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    application_id = models.UUIDField()
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
    review = models.ForeignKey(
        "qualification.ScoreReview", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=10_000), name="competency_at_most_100"),
            models.UniqueConstraint(
                fields=["qualification", "from_moment"], name="competency_once_a_moment"
            ),
        ]


class ScoreReview(IdentifiedModel):
    """A new look at a qualified establishment's score after 6 or 12 months (BC 7.12, 7.13)."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="+")
    proposed_score = models.PositiveIntegerField()
    """Hundredths of a point, of the grades in `grades`."""
    grades = models.JSONField()
    """[{"code", "title", "weight", "before", "after", "reason"}], every statement of its rules."""
    reason = models.TextField()
    evidence = models.TextField()
    proposed_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    effective_from = models.DateField()
    reply_by = models.DateField()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)
    decided_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["qualification"],
                condition=Q(decided_at__isnull=True),
                name="score_reviewed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(proposed_score__lte=10_000), name="reviewed_score_at_most_100"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="review_decided_by_another",
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
