"""Bids: the provider's draft, the sealed revisions, and what stands after the opening."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dps.tenancy.models import IdentifiedModel, TenantForeignKey, TenantModel
from referrals.models.invitation import Invitation
from referrals.models.referral import Referral


class BidParty(TenantModel):
    """Whose bid, for which invitation."""

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="+")
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="+"
    )
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class BidDraft(BidParty):
    """What the provider has written so far. Nobody else reads it; it is not sealed."""

    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "invitation"], name="draft_one_a_bid")
        ]


class SealedBid(BidParty):
    """A submission or a withdrawal. Append-only; the last before the deadline counts."""

    revision = models.PositiveSmallIntegerField()
    is_withdrawal = models.BooleanField(default=False)
    content = models.TextField(blank=True)
    """Canonical JSON; empty for a withdrawal."""
    salt = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    """Set by the database: the time of the commit's statement, by its own clock."""
    submitted_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "invitation", "revision"], name="sealed_revision_once"
            ),
            models.CheckConstraint(
                name="sealed_withdrawal_is_empty",
                condition=Q(is_withdrawal=True, content="")
                | (Q(is_withdrawal=False) & ~Q(content="")),
            ),
        ]
        indexes = [models.Index(fields=["authority", "referral"], name="sealed_of_referral")]


class BidProgress(IdentifiedModel):
    """How far a provider is with each of its bids, for its own list; nobody else reads it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft saved"
        SUBMITTED = "submitted", "Bid submitted"
        WITHDRAWN = "withdrawn", "Bid withdrawn"

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="+")
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation"], name="progress_once_an_invitation")
        ]
        indexes = [models.Index(fields=["provider"], name="progress_of_provider")]


class OpeningApproval(TenantModel):
    """One of the two people who open the bids."""

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral", "person"], name="opening_approved_once_a_person"
            )
        ]


class Bid(BidParty):
    """A bid after the opening, with its scores. Written by the database's opening function."""

    sealed_bid = TenantForeignKey(SealedBid, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=12)
    """What graders call it: "Bid A"."""
    content = models.JSONField()
    received_at = models.DateTimeField()
    annual_price_pence = models.BigIntegerField(null=True)
    distance = models.PositiveIntegerField(null=True)
    competency = models.PositiveIntegerField(null=True)
    set_aside_reason = models.CharField(max_length=200, blank=True)
    missing_features = ArrayField(models.CharField(max_length=40), default=list)
    scores = models.JSONField(default=dict)
    """Criterion to hundredths of a point."""
    quality = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    rank = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "invitation"], name="bid_once"),
            models.UniqueConstraint(
                fields=["authority", "referral", "rank"],
                condition=Q(rank__isnull=False),
                name="bid_rank_once",
            ),
            models.CheckConstraint(
                condition=Q(annual_price_pence__isnull=True) | Q(annual_price_pence__gt=0),
                name="bid_price_positive",
            ),
        ]
