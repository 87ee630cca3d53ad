"""The audit trail: events, their links, and the head of each authority's chain."""

from django.db import models

from dps.tenancy.models import TenantForeignKey, TenantModel


class AuditEvent(TenantModel):
    """One act. `body` is the canonical text that is hashed; other columns repeat it for search."""

    at = models.DateTimeField()
    actor_name = models.CharField(max_length=120)
    actor_kind = models.CharField(max_length=12)
    person_id = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    sealed_referral_id = models.UUIDField(null=True)
    body = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["authority", "-at"], name="audit_newest"),
            models.Index(fields=["authority", "subject_id", "at"], name="audit_subject"),
        ]


class AuditLink(TenantModel):
    """The place of an event in its authority's chain, written by the database at commit."""

    seq = models.BigIntegerField()
    event = TenantForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "seq"], name="audit_link_seq_once"),
            models.UniqueConstraint(fields=["authority", "event"], name="audit_link_event_once"),
        ]


class AuditHead(models.Model):
    """Where each authority's chain stands. Lodged outside: in letters and by hourly mail."""

    authority = models.OneToOneField(
        "dps.Authority", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.authority_id}:{self.seq}"
