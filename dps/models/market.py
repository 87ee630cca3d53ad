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
    extension_months = models.PositiveSmallIntegerField(default=0)
    """By how much its notice says that it may still be extended."""
    ceiling_pence = models.BigIntegerField(null=True)
    """The value that was advertised, of everything bought through it."""

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ceiling_pence__isnull=True) | Q(ceiling_pence__gt=0),
                name="market_ceiling_above_nothing",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="market_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MarketChange(IdentifiedModel):
    """What was changed of a market's terms, why, and the notice it owes (BC 5.6)."""

    class Kind(models.TextChoices):
        EXTENDED = "extended", "Extended"
        SHORTENED = "shortened", "Shortened"
        ENDED = "ended", "Ended"
        CEILING = "ceiling", "Value ceiling changed"

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    reason = models.TextField()
    notice = models.CharField(max_length=120, blank=True)
    """The notice that the regime wants for it, if any."""
    made_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]


class EntryWindow(IdentifiedModel):
    """When applications are taken, and until when questions about joining (BC 5.6, 7.20)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="windows")
    opens_on = models.DateField()
    closes_on = models.DateField(null=True)
    """The last day; None while the market lasts."""
    questions_until = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["opens_on"]
        constraints = [
            models.UniqueConstraint(fields=["market", "opens_on"], name="window_opens_once_a_day"),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="window_closes_after_it_opens",
            ),
        ]


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
