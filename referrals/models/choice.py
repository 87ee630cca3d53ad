"""The parent's choice between nearly equal bids (BC 8.8)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dps.models import ChildKey
from dps.tenancy.models import TenantForeignKey, TenantModel
from referrals.models.bid import Bid
from referrals.models.referral import Referral


class ChoiceOffer(TenantModel):
    referral = TenantForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    evaluation_number = models.PositiveSmallIntegerField()
    """The newest ranking for which the parent's answer counts; a later one asks them again."""
    asks_again = models.BooleanField(default=False)
    """The parent was asked before, in an earlier ranking: told to them, who read no other offer."""
    # The parent's role reads no referral, and the officer's messages name one.
    reference = models.CharField(max_length=20)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    child_initials = models.CharField(max_length=8)
    # The link alone tells no more than these: nothing about the child is shown before the code.
    parent_initials = models.CharField(max_length=8, blank=True)
    # The child's identity has no policy for the task that writes to the parent: its own copies,
    # encrypted under the child's key, go with the child.
    key = TenantForeignKey(ChildKey, on_delete=models.PROTECT, related_name="+")
    parent_email = models.BinaryField(default=b"")
    parent_phone = models.BinaryField(default=b"")
    category_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral", "evaluation_number"],
                name="choice_offered_once_a_ranking",
            ),
            models.UniqueConstraint(
                fields=["authority", "referral"],
                condition=Q(closed_at__isnull=True),
                name="choice_open_once",
            ),
        ]


class ChoiceOption(TenantModel):
    """What the parent reads of one establishment: no price, no score, no rank."""

    offer = TenantForeignKey(ChoiceOffer, on_delete=models.CASCADE, related_name="+")
    bid = TenantForeignKey(Bid, on_delete=models.PROTECT, related_name="+", db_constraint=True)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    provider_name = models.CharField(max_length=160)
    address = models.CharField(max_length=300)
    distance_words = models.CharField(max_length=60)
    needs_met = ArrayField(models.CharField(max_length=300), default=list)
    features_met = ArrayField(models.CharField(max_length=300), default=list)
    inspection_words = models.CharField(max_length=200, blank=True)
    family_words = models.TextField(blank=True)
    website = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "offer", "bid"], name="option_once_a_bid")
        ]


class ParentLink(TenantModel):
    """The hash of a 256-bit secret that was emailed. Found by hash, by one database function."""

    offer = TenantForeignKey(ChoiceOffer, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "token_hash"], name="parent_link_once")
        ]


class ParentCode(TenantModel):
    """A 6-digit code that came another way: ten minutes, five tries."""

    offer = TenantForeignKey(ChoiceOffer, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)


class ParentChoice(TenantModel):
    """What the parent said; the last one before the window closes counts."""

    class Wish(models.TextChoices):
        OPTION = "option", "One of the establishments"
        TALK = "talk", "Would like to talk to someone first"
        NONE = "none", "None of them suits"

    offer = TenantForeignKey(ChoiceOffer, on_delete=models.CASCADE, related_name="+")
    wish = models.CharField(max_length=6, choices=Wish)
    option = TenantForeignKey(ChoiceOption, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.BinaryField(default=b"")
    """In the parent's words, encrypted under the child's key."""
    chosen_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["chosen_at"]
        constraints = [
            models.CheckConstraint(
                name="parent_choice_names_an_option_or_none",
                condition=Q(wish="option", option__isnull=False)
                | (~Q(wish="option") & Q(option__isnull=True)),
            )
        ]
