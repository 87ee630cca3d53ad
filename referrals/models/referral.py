"""The referral and what it asks for; the child's identity in a table of its own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from dps.models import ChildKey
from dps.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from referrals.states import WORDS, ReferralState

WEIGHTS = ("price", "outcomes", "needs", "features", "location", "core_competency", "incentive")


class Referral(TenantModel):
    """A mini-competition for one child (BC 8.2-8.8). Weights: hundredths of a percentage point."""

    reference = models.CharField(max_length=20)
    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    regime = models.CharField(max_length=40)
    state = models.CharField(
        max_length=12,
        choices=[(state.value, words) for state, words in WORDS.items()],
        default=ReferralState.DRAFT,
    )
    raised_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()

    age = models.PositiveSmallIntegerField(null=True)
    profile = models.TextField(blank=True)
    wishes = models.TextField(blank=True)
    starts_on = models.DateField(null=True)
    weeks_per_year = models.PositiveSmallIntegerField(null=True)
    duration = models.CharField(max_length=80, blank=True)

    weight_price = models.PositiveIntegerField(default=0)
    weight_outcomes = models.PositiveIntegerField(default=0)
    weight_needs = models.PositiveIntegerField(default=0)
    weight_features = models.PositiveIntegerField(default=0)
    weight_location = models.PositiveIntegerField(default=0)
    weight_core_competency = models.PositiveIntegerField(default=0)
    weight_incentive = models.PositiveIntegerField(default=0)

    limit_miles = models.PositiveSmallIntegerField(null=True)
    limit_areas = ArrayField(models.CharField(max_length=60), default=list)
    home_placed_by = models.CharField(max_length=16, blank=True)
    home_placed_edition = models.CharField(max_length=40, blank=True)

    bids_close_at = models.DateTimeField(null=True)
    shorter_time_agreed = models.BooleanField(default=False)
    """Everybody invited has agreed to fewer days than the regime's minimum."""
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True)
    grades_in_at = models.DateTimeField(null=True)
    ranked_at = models.DateTimeField(null=True)
    no_choice_reason = models.TextField(blank=True)
    """Why a near tie was not put to the parent (BC 8.8)."""
    no_choice_evaluation = models.PositiveSmallIntegerField(null=True)
    """The number of the ranking that the reason is about: for a later one it does not count."""
    awarded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "reference"], name="referral_reference_once"
            ),
            models.CheckConstraint(
                name="referral_issued_with_deadline_and_limit",
                condition=Q(state="draft")
                | Q(state="withdrawn", issued_at__isnull=True)
                | Q(
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                    bids_close_at__gt=F("issued_at"),
                    age__isnull=False,
                    weeks_per_year__gte=1,
                    weeks_per_year__lte=53,
                ),
            ),
            models.CheckConstraint(
                name="referral_weights_add_up_to_100",
                condition=Q(issued_at__isnull=True)
                | Q(
                    weight_price=10_000
                    - F("weight_outcomes")
                    - F("weight_needs")
                    - F("weight_features")
                    - F("weight_location")
                    - F("weight_core_competency")
                    - F("weight_incentive")
                ),
            ),
            models.CheckConstraint(
                name="referral_opened_after_deadline",
                condition=Q(opened_at__isnull=True) | Q(opened_at__gt=F("bids_close_at")),
            ),
            models.CheckConstraint(
                name="referral_evaluated_only_when_opened",
                condition=Q(state__in=["draft", "open", "withdrawn"]) | Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_not_offered_for_a_ranking",
                condition=Q(no_choice_reason="", no_choice_evaluation__isnull=True)
                | (~Q(no_choice_reason="") & Q(no_choice_evaluation__isnull=False)),
            ),
            models.CheckConstraint(
                name="referral_withdrawn_with_a_reason",
                condition=~Q(state="withdrawn")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
            ),
        ]
        indexes = [models.Index(fields=["authority", "state", "-raised_at"], name="referral_list")]

    def __str__(self) -> str:
        return self.reference


class ChildIdentity(TenantModel):
    """Who the child is and where home is. Every value is encrypted under the child's own key."""

    referral = TenantOneToOneField(Referral, on_delete=models.CASCADE, related_name="+")
    key = TenantForeignKey(ChildKey, on_delete=models.PROTECT, related_name="+")
    child_name = models.BinaryField(default=b"")
    postcode = models.BinaryField(default=b"")
    point = models.BinaryField(default=b"")
    """The home's grid point as "easting,northing": three distances would give it away."""
    parent_name = models.BinaryField(default=b"")
    parent_email = models.BinaryField(default=b"")
    parent_phone = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "referral"], name="child_once_a_referral")
        ]


class ListedItem(TenantModel):
    """A line of what the referral asks for, with its marks."""

    key = models.SlugField(max_length=40)
    text = models.CharField(max_length=300)
    marks = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]


class Need(ListedItem):
    referral = TenantForeignKey(Referral, on_delete=models.CASCADE, related_name="needs")

    class Meta(ListedItem.Meta):
        constraints = [
            models.UniqueConstraint(fields=["authority", "referral", "key"], name="need_key_once"),
            models.CheckConstraint(
                condition=Q(marks__gte=1, marks__lte=100), name="need_marks_1_to_100"
            ),
        ]


class Feature(ListedItem):
    class Kind(models.TextChoices):
        MUST_HAVE = "must_have", "Must have"
        DESIRABLE = "desirable", "Desirable"

    referral = TenantForeignKey(Referral, on_delete=models.CASCADE, related_name="features")
    kind = models.CharField(max_length=10, choices=Kind)
    is_essential = models.BooleanField(default=False)

    class Meta(ListedItem.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral", "key"], name="feature_key_once"
            ),
            models.CheckConstraint(
                condition=Q(marks__gte=1, marks__lte=100), name="feature_marks_1_to_100"
            ),
            models.CheckConstraint(
                condition=Q(is_essential=False) | Q(kind="must_have"),
                name="feature_essential_is_a_must_have",
            ),
        ]


class Outcome(ListedItem):
    referral = TenantForeignKey(Referral, on_delete=models.CASCADE, related_name="outcomes")
    component = models.CharField(max_length=60, blank=True)

    class Meta(ListedItem.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "referral", "key"], name="outcome_key_once"
            ),
            models.CheckConstraint(
                condition=Q(marks__gte=1, marks__lte=100), name="outcome_marks_1_to_100"
            ),
        ]
