from django.db import models
from django.db.models import Q

from dps.models.people import Person
from dps.tenancy.models import IdentifiedModel


class Upload(IdentifiedModel):
    """A file that somebody sent: what is known of it. Its bytes are a table of their own."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", "Being checked"
        CLEAN = "clean", "Checked"
        REFUSED = "refused", "Refused"

    # Whose it is; null where the contract team's own. A higher app's table, so no key.
    provider_id = models.UUIDField(null=True, db_index=True)
    name = models.CharField(max_length=120)
    claimed_type = models.CharField(max_length=100, blank=True)
    found_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.QUARANTINED)
    why = models.CharField(max_length=200, blank=True)
    """Why it was refused, in the words that its sender reads."""
    scanner = models.CharField(max_length=20, blank=True)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_not_empty"),
            models.CheckConstraint(
                condition=Q(state="quarantined", scanned_at__isnull=True)
                | Q(state__in=["clean", "refused"], scanned_at__isnull=False),
                name="upload_decided_only_when_scanned",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused", why="") & (Q(state="refused") | Q(why="")),
                name="upload_refused_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_clean(self) -> bool:
        return self.state == self.State.CLEAN


class UploadContent(IdentifiedModel):
    """The bytes of an upload, which nobody but the system reads before they are found clean."""

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="+")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"the bytes of {self.upload_id}"
