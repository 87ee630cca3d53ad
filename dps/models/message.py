from django.db import models

from dps.tenancy.models import TenantModel


class Message(TenantModel):
    """An email or text message: the outbox's record of it, and the demo's mailbox."""

    class Channel(models.TextChoices):
        EMAIL = "email", "Email"
        TEXT = "text", "Text message"

    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    key = models.CharField(max_length=160)
    template = models.CharField(max_length=60)
    # An account's email is looked up when it is sent; a parent's address is kept encrypted.
    to_person = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_address = models.BinaryField(default=b"")
    to_name = models.CharField(max_length=120, blank=True)
    context = models.JSONField(default=dict)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    # The text of a message that holds a secret, encrypted and purged after delivery.
    secret_body = models.BinaryField(default=b"")
    sealed_referral_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="message_once_a_key")
        ]
        indexes = [models.Index(fields=["authority", "-created_at"], name="message_newest")]
