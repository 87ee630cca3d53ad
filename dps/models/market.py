"""The markets (legal tools), their categories, and who uses which."""

from django.db import models
from django.db.models import F, Q

from dps.tenancy.models import IdentifiedModel


class Market(IdentifiedModel):
    """One legal tool, under one regime (`dps.regimes`), with its period of validity (BC 5.6)."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    regime = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="market_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Category(IdentifiedModel):
    """A division of a service with its own criteria (BC 7.2)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="categories")
    code = models.SlugField(unique=True)
    service = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    is_residential = models.BooleanField(default=False)
    offers_choice = models.BooleanField(default=True)
    """Whether a near tie is put to the parent (BC 8.8)."""
    standstill_days = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Adoption(IdentifiedModel):
    """An authority uses a category from a day on (BC 7.2)."""

    authority = models.ForeignKey("dps.Authority", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="adoptions")
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "category", "from_date"], name="adoption_once_a_day"
            )
        ]


class WeightTemplate(IdentifiedModel):
    """The region's default weights of a category, in whole points, from a day on (BC 8.7)."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="weights")
    from_date = models.DateField()
    price = models.PositiveSmallIntegerField()
    outcomes = models.PositiveSmallIntegerField()
    needs = models.PositiveSmallIntegerField()
    features = models.PositiveSmallIntegerField()
    location = models.PositiveSmallIntegerField()
    core_competency = models.PositiveSmallIntegerField()
    incentive = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "from_date"], name="weights_once_a_day"),
            models.CheckConstraint(
                name="weights_add_up_to_100",
                condition=Q(
                    price=100
                    - F("outcomes")
                    - F("needs")
                    - F("features")
                    - F("location")
                    - F("core_competency")
                    - F("incentive")
                ),
            ),
        ]
