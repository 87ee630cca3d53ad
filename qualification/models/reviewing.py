"""Scores looked at anew every 6 or 12 months, up or down, with a right of reply (Q14)."""

from django.db import models
from django.db.models import F, Q

from dps.tenancy.models import IdentifiedModel
from qualification.models.qualified import Qualification


class ReviewRule(IdentifiedModel):
    """How often the scores of a category are reviewed, from a day on (BC 7.12)."""

    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField()
    reply_days = models.PositiveSmallIntegerField()
    """Working days in which the provider may reply to a proposal."""
    from_date = models.DateField()
    reason = models.TextField()
    made_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["from_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "from_date"], name="review_rule_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(months__in=[6, 12]), name="scores_reviewed_every_6_or_12_months"
            ),
            models.CheckConstraint(
                condition=Q(reply_days__gte=5, reply_days__lte=30), name="reply_within_5_to_30_days"
            ),
        ]


class ScoreReview(IdentifiedModel):
    """A new look at a qualified establishment's score (BC 7.12, 7.13): proposed, then decided."""

    class Outcome(models.TextChoices):
        KEPT = "kept", "The score stays as it is"
        CHANGED = "changed", "The score changes as proposed"
        IN_BETWEEN = "in_between", "The score changes to something in between"

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="+")
    before_score = models.PositiveIntegerField()
    proposed_score = models.PositiveIntegerField()
    """Hundredths of a point, of the grades in `grades`."""
    grades = models.JSONField()
    """[{"code", "title", "weight", "before", "after", "reason"}], every statement of its rules."""
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    held = models.ForeignKey(
        "providers.Evidence", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """A piece of evidence of the provider's that the proposal rests on."""
    proposed_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    effective_from = models.DateField()
    reply_by = models.DateField()
    """The last day on which the provider may reply."""
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decision = models.TextField(blank=True)
    """The reason for the outcome, as the provider reads it."""
    decided_grades = models.JSONField(null=True)
    decided_score = models.PositiveIntegerField(null=True)
    decided_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["qualification"],
                condition=Q(decided_at__isnull=True),
                name="score_reviewed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(proposed_score__lte=10_000)
                & (Q(decided_score__isnull=True) | Q(decided_score__lte=10_000)),
                name="reviewed_score_at_most_100",
            ),
            models.CheckConstraint(
                condition=~Q(evidence="") | Q(held__isnull=False), name="review_rests_on_evidence"
            ),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True, replied_by__isnull=True, reply="")
                | (Q(replied_at__isnull=False, replied_by__isnull=False) & ~Q(reply="")),
                name="review_replied_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    decided_score__isnull=True,
                    decision="",
                )
                | (
                    Q(
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                        decided_score__isnull=False,
                    )
                    & ~Q(decision="")
                    & ~Q(outcome="")
                ),
                name="review_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="review_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(effective_from__gt=F("reply_by")), name="review_counts_after_the_reply"
            ),
        ]
        indexes = [models.Index(fields=["provider"], name="review_of_provider")]
