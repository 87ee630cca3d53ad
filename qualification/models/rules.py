"""What a category asks: criteria and cost schedule, with effective dates (Q2, Q3, Q5)."""

from django.db import models

from dps.tenancy.models import IdentifiedModel


class Criterion(IdentifiedModel):
    """One question of a category: pass or fail, or a weighted method statement (BC 7.4)."""

    class Kind(models.TextChoices):
        PASS_FAIL = "pass_fail", "Pass or fail"
        STATEMENT = "statement", "Method statement"

    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="criteria")
    code = models.SlugField()
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=120)
    question = models.TextField()
    guidance = models.TextField(blank=True)
    weight = models.PositiveSmallIntegerField(default=0)
    """Whole points; those of a category's statements add up to 100 (BC 7.10)."""
    word_limit = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "code", "from_date"], name="criterion_once_a_day"
            )
        ]


class CostHead(IdentifiedModel):
    """One line of a category's core cost schedule (BC 7.4)."""

    category = models.ForeignKey(
        "dps.Category", on_delete=models.PROTECT, related_name="cost_heads"
    )
    code = models.SlugField()
    title = models.CharField(max_length=120)
    guidance = models.CharField(max_length=200, blank=True)
    is_optional = models.BooleanField(default=False)
    """Left empty by an establishment that does not offer it."""
    position = models.PositiveSmallIntegerField(default=0)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "code", "from_date"], name="cost_head_once_a_day"
            )
        ]
