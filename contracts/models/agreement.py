"""The individual placement agreement and its signatures (BC 5.6)."""

from django.db import models
from django.db.models import Q

from contracts.states import WORDS, AgreementState
from dps.tenancy.models import TenantForeignKey, TenantModel
from referrals.models import Award, Referral


class Agreement(TenantModel):
    """What both sides sign. Once made only its state changes; a trigger holds that."""

    award = TenantForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="+"
    )
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=24)
    state = models.CharField(
        max_length=12,
        choices=[(state.value, words) for state, words in WORDS.items()],
        default=AgreementState.TO_SIGN,
    )
    starts_on = models.DateField()
    annual_value_pence = models.BigIntegerField()
    document_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    """Of the PDF that both sides sign."""
    made_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    """When the second side signed."""

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "award"], name="agreement_once_an_award"),
            models.UniqueConstraint(
                fields=["authority", "reference"], name="agreement_reference_once"
            ),
            models.CheckConstraint(
                name="agreement_signed_says_when",
                condition=Q(state="signed", signed_at__isnull=False)
                | (~Q(state="signed") & Q(signed_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "-made_at"], name="agreement_newest"),
            models.Index(fields=["authority", "signed_at"], name="agreement_signed"),
        ]


class Signature(TenantModel):
    """One side's signature on the PDF with this hash."""

    class Side(models.TextChoices):
        AUTHORITY = "authority", "The council"
        PROVIDER = "provider", "The provider"

    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    person = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "agreement", "side"], name="signed_once_a_side"
            )
        ]
