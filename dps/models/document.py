from django.db import models

from dps.tenancy.models import TenantModel


class Document(TenantModel):
    """A letter or agreement as it was made: its bytes and their hash."""

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    # Whose letter it is; null where only the authority reads it.
    provider_id = models.UUIDField(null=True)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60, default="application/pdf")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "kind", "subject_id", "provider_id", "version"],
                name="document_version_once",
                nulls_distinct=False,
            )
        ]
