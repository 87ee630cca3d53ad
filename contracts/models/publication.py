"""The quarterly publication of awards as open data (BC 5.7)."""

from django.db import models

from dps.tenancy.models import IdentifiedModel


class Publication(IdentifiedModel):
    """One quarter's awards, published once."""

    quarter = models.CharField(max_length=7)
    """As "2026-Q3", in London time."""
    published_at = models.DateTimeField()
    award_count = models.PositiveIntegerField()
    package = models.BinaryField()
    """OCDS 1.1 release package, as served."""
    table = models.BinaryField()
    """The same awards as CSV."""
    package_sha256 = models.CharField(max_length=64)
    table_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-quarter"]
        constraints = [models.UniqueConstraint(fields=["quarter"], name="published_once")]


class PublishedAward(IdentifiedModel):
    """One award in exactly one publication; nothing here can identify a child."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="awards")
    authority = models.ForeignKey("dps.Authority", on_delete=models.PROTECT, related_name="+")
    award_id = models.UUIDField()
    ocid = models.CharField(max_length=60, unique=True)
    category = models.CharField(max_length=60)
    provider = models.CharField(max_length=160)
    establishment = models.CharField(max_length=160)
    annual_value_pence = models.BigIntegerField()
    release = models.JSONField()

    class Meta:
        ordering = ["authority__name", "category", "establishment"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "award_id"], name="award_published_once"
            )
        ]
