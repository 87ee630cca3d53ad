from django.db import models
from django.db.models import Q


class Authority(models.Model):
    """A council that buys placements: a tenant. One reserved row stands for the region."""

    class Kind(models.TextChoices):
        REGION = "region", "Region"
        PARTNER = "partner", "Partner"
        JOINER = "joiner", "Joiner"

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    is_lead = models.BooleanField(default=False)
    brand_colour = models.CharField(max_length=7, default="#1d4f91")
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    joined_on = models.DateField()
    joining_fee_pence = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_lead"], condition=Q(is_lead=True), name="authority_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(joining_fee_pence__gte=0), name="authority_joining_fee_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(kind="partner"), name="authority_lead_is_a_partner"
            ),
        ]

    def __str__(self) -> str:
        return self.name
