"""Checking and grading what was sent: blind grades, agreed ones, and questions to the provider."""

from django.db import models
from django.db.models import Q

from dps.tenancy.models import IdentifiedModel
from qualification.models.application import Answer, Application, Joining


class Check(IdentifiedModel):
    """What an officer found on one pass or fail matter, with the facts beside the claim (Q2)."""

    class Result(models.TextChoices):
        CLEAR = "clear", "Clear"
        ASKED = "asked", "The provider is asked"
        FAILS = "fails", "Does not pass"

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField()
    """The question's code."""
    result = models.CharField(max_length=6, choices=Result)
    note = models.TextField(blank=True)
    """The provider reads it where it does not pass."""
    checked_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="check_once_a_question"),
            models.CheckConstraint(
                condition=~Q(result="fails") | ~Q(note=""), name="check_fails_with_a_reason"
            ),
        ]


class PointToClear(IdentifiedModel):
    """A question to the provider about its application: a mismatch is asked about first."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField()
    text = models.TextField()
    asked_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reply_by = models.DateField()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at"]


class Evaluator(IdentifiedModel):
    """Somebody who grades the statements of a joining, having declared any conflict (Q11)."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    joining = models.ForeignKey(Joining, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)
    has_conflict = models.BooleanField(null=True)
    conflict = models.TextField(blank=True)
    released_at = models.DateTimeField(null=True)
    """Taken off, for a conflict or for not handing in."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["joining", "person"], name="evaluator_once_a_joining"),
            models.CheckConstraint(
                condition=~Q(has_conflict=True) | ~Q(conflict=""), name="conflict_is_described"
            ),
        ]


class Grade(IdentifiedModel):
    """
    One evaluator's own grade 0 to 5 of a sent statement, hidden from the others until all are in.

    While it is being written, grade or reason may be missing.
    """

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    # Only what was never sent is deleted, by a provider who may not look for grades.
    answer = models.ForeignKey(Answer, on_delete=models.DO_NOTHING, related_name="+")
    graded_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "graded_by"], name="grade_once_a_person"),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__lte=5), name="grade_0_to_5"
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True) | (Q(grade__isnull=False) & ~Q(reason="")),
                name="grade_handed_in_with_its_reason",
            ),
        ]


class AgreedGrade(IdentifiedModel):
    """The grade that counts: a consensus after moderation, or the young people's panel's (Q11)."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    # Only what was never sent is deleted, by a provider who may not look for grades.
    answer = models.ForeignKey(Answer, on_delete=models.DO_NOTHING, related_name="+")
    grade = models.PositiveSmallIntegerField()
    reason = models.TextField()
    """The provider reads it, with how to do better."""
    note = models.TextField(blank=True)
    """How evaluators who were far apart came together."""
    is_of_panel = models.BooleanField(default=False)
    agreed_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer"], name="agreed_once_an_answer"),
            models.CheckConstraint(condition=Q(grade__lte=5), name="agreed_grade_0_to_5"),
        ]
