"""Questions about the process, answered to all; and the contract terms (Q13, C9)."""

from django.db import models
from django.db.models import Q

from dps.tenancy.models import IdentifiedModel


class Clarification(IdentifiedModel):
    """A question about the process as it is published, with its answer; nobody's name (BC 13.1)."""

    market = models.ForeignKey("dps.Market", on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(
        "dps.EntryWindow", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """The entry window it is about; None where the market takes applications at any time."""
    category = models.ForeignKey(
        "dps.Category", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """None if it is about joining as such."""
    question = models.TextField()
    answer = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-published_at"]


class AskedQuestion(IdentifiedModel):
    """The question as it came in, and who asked: for the asker and the central team alone."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    market = models.ForeignKey("dps.Market", on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(
        "dps.EntryWindow", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """The entry window it is about; None where the market takes applications at any time."""
    category = models.ForeignKey(
        "dps.Category", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """None if it is about joining as such."""
    text = models.TextField()
    asked_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    clarification = models.ForeignKey(
        Clarification, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    closed_why = models.TextField(blank=True)
    """Why it was not answered to everybody: it had been, or it was about their own case."""
    closed_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                name="question_closed_with_an_answer_or_a_reason",
                condition=Q(closed_at__isnull=True, clarification__isnull=True, closed_why="")
                | (Q(closed_at__isnull=False, clarification__isnull=False, closed_why=""))
                | (Q(closed_at__isnull=False, clarification__isnull=True) & ~Q(closed_why="")),
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(closed_at__isnull=True),
                name="question_open",
            )
        ]


class Terms(IdentifiedModel):
    """One version of the contract terms, sent to every qualified provider (BC 9.3)."""

    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    change = models.TextField(blank=True)
    """What is new in it, in a few words; empty for the first."""
    sha256 = models.CharField(max_length=64)
    """Of the text in UTF-8, as everybody can download it."""
    from_date = models.DateField()
    accept_by = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["number"], name="terms_numbered_once")]


class Acceptance(IdentifiedModel):
    """A provider's authorised signatory has accepted a version of the terms."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    signatory = models.CharField(max_length=120)
    position = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    """Of the text that the signatory had read."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "terms"], name="terms_accepted_once"),
            models.CheckConstraint(
                condition=~Q(signatory="") & ~Q(position=""), name="acceptance_is_signed"
            ),
        ]
