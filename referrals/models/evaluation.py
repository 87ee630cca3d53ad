"""Grading blind, agreeing, and the frozen record of the evaluation."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dps.tenancy.models import TenantForeignKey, TenantModel
from referrals.models.bid import Bid
from referrals.models.referral import Referral


class GradingPaper(TenantModel):
    """What an evaluator reads of a bid: its label and statement, neither price nor scores."""

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    bid = TenantForeignKey(Bid, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=12)
    statement = models.TextField()

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "bid"], name="grading_paper_once_a_bid")
        ]


class GradeSheet(TenantModel):
    """One evaluator's work on one referral; final once handed in."""

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    evaluator = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    no_conflict_declared_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral", "evaluator"], name="grade_sheet_once_an_evaluator"
            )
        ]


class OutcomeGrade(TenantModel):
    """One evaluator's grade 0 to 5 of one outcome in one bid; hidden till all are in."""

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    bid = TenantForeignKey(Bid, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    evaluator = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    graded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "bid", "key", "evaluator"], name="outcome_graded_once"
            ),
            models.CheckConstraint(condition=Q(grade__lte=5), name="outcome_grade_0_to_5"),
        ]


class ConsensusGrade(TenantModel):
    """The agreed grade, recorded by one evaluator with a note."""

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    bid = TenantForeignKey(Bid, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    grade = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500)
    recorded_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "bid", "key"], name="consensus_once"),
            models.CheckConstraint(condition=Q(grade__lte=5), name="consensus_grade_0_to_5"),
        ]


class ConsensusConfirmation(TenantModel):
    """Another evaluator agrees with the consensus."""

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    evaluator = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral", "evaluator"], name="consensus_confirmed_once"
            )
        ]


class Evaluation(TenantModel):
    """
    A scored case as it was: inputs, results and their hash. Never changed.

    A second one is added only when a ranked establishment is suspended before the award; the
    latest counts.
    """

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    inputs = models.TextField()
    results = models.TextField()
    sha256 = models.CharField(max_length=64)
    near_tie = ArrayField(models.UUIDField(), default=list)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral", "number"], name="evaluation_once_a_number"
            )
        ]
