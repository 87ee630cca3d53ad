"""The quarterly publication of awards as open data (BC 5.7)."""

from django.db import models

from dps.tenancy.models import IdentifiedModel


class Publication(IdentifiedModel):
    """One quarter's awards, published once. The files are `head`, the awards' texts, and an end."""

    quarter = models.CharField(max_length=7, unique=True)
    """As "2026-q3", in London time."""
    published_at = models.DateTimeField()
    award_count = models.PositiveIntegerField(default=0)
    head = models.TextField()
    """The OCDS 1.1 release package up to its first release."""
    package_sha256 = models.CharField(max_length=64)
    table_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-quarter"]


class PublishedAward(IdentifiedModel):
    """One award in exactly one publication; nothing here can identify a child."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="awards")
    position = models.PositiveIntegerField()
    authority = models.ForeignKey("dps.Authority", on_delete=models.PROTECT, related_name="+")
    # Points into the authority's own partition, where nobody but the authority can follow it.
    award_id = models.UUIDField()
    ocid = models.CharField(max_length=60, unique=True)
    signed_quarter = models.CharField(max_length=7)
    category = models.CharField(max_length=60)
    provider = models.CharField(max_length=160)
    establishment = models.CharField(max_length=160)
    annual_value_pence = models.BigIntegerField()
    release = models.TextField()
    """The JSON of its release, as it went out."""
    line = models.TextField()
    """Its line in the CSV file, as it went out."""

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "award_id"], name="award_published_once"),
            models.UniqueConstraint(
                fields=["publication", "position"], name="published_in_one_place"
            ),
        ]
