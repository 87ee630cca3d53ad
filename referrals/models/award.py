from django.db import models
from django.db.models import F, Q

from dps.tenancy.models import TenantForeignKey, TenantModel
from referrals.models.bid import Bid
from referrals.models.referral import Referral


class Award(TenantModel):
    """Recommended by one person, approved by another. The central team reads approved ones."""

    class State(models.TextChoices):
        RECOMMENDED = "recommended", "Waiting for approval"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    bid = TenantForeignKey(Bid, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="+"
    )
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.RECOMMENDED)
    by_choice = models.BooleanField(default=False)
    annual_value_pence = models.BigIntegerField()
    reason = models.TextField()
    evaluation_sha256 = models.CharField(max_length=64, blank=True)
    """The frozen evaluation on which the award stands."""
    recommended_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    recommended_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    """When both sides had signed the agreement: the quarter of publication follows from it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral"],
                condition=~Q(state="returned"),
                name="award_one_a_referral",
            ),
            models.CheckConstraint(
                name="award_approved_by_a_second_person",
                condition=Q(state="recommended")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("recommended_by"))),
            ),
            models.CheckConstraint(
                name="award_signed_only_when_approved",
                condition=Q(signed_at__isnull=True) | Q(state="approved"),
            ),
        ]


class AwardLetter(TenantModel):
    """What one bidder is told of the result, in the words and figures of that day (A2)."""

    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    bid = TenantForeignKey(Bid, on_delete=models.PROTECT, related_name="+")
    award = TenantForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(
        "referrals.Invitation", on_delete=models.PROTECT, related_name="+"
    )
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    audit_head = models.CharField(max_length=64)
    """The head of the authority's audit chain when the letter was written: lodged with each."""
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "bid"], name="award_letter_once_a_bid")
        ]
