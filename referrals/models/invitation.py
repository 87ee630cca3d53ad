"""Who was invited, who was not, and why."""

from django.db import models

from dps.tenancy.models import IdentifiedModel, TenantForeignKey, TenantManager, TenantModel
from referrals.models.referral import Referral
from referrals.states import ReferralState


class Consideration(TenantModel):
    """What was decided about one establishment when the referral was issued (BC 7.9, 8.3)."""

    referral = TenantForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="+"
    )
    is_invited = models.BooleanField()
    reason = models.CharField(max_length=40)
    words = models.CharField(max_length=200)
    # Hundredths of a mile; stays with the authority. Null where the place is not known.
    distance = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral", "establishment"], name="considered_once"
            )
        ]


class Invitation(IdentifiedModel):
    """What a provider reads across authorities: it carries the columns that its lists show."""

    class DeclineReason(models.TextChoices):
        CAPACITY = "capacity", "We have no place"
        NEEDS = "needs", "We cannot meet the needs"
        AGE = "age", "The child’s age is outside our range"
        DISTANCE = "distance", "The distance is too great"
        OTHER = "other", "Another reason"

    authority = models.ForeignKey("dps.Authority", on_delete=models.PROTECT, related_name="+")
    referral = TenantForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="+"
    )
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=20)
    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    band = models.CharField(max_length=30)
    bids_close_at = models.DateTimeField()
    referral_state = models.CharField(max_length=12, default=ReferralState.OPEN)
    invited_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=10, choices=DeclineReason, blank=True)
    decline_note = models.CharField(max_length=500, blank=True)

    objects = TenantManager()

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "establishment"], name="invited_once_a_referral"
            )
        ]
        indexes = [
            models.Index(fields=["provider", "-invited_at"], name="invitation_of_provider"),
            models.Index(fields=["authority", "referral"], name="invitation_of_referral"),
        ]
