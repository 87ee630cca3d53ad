from django.db import models
from django.db.models import Q

from dps.tenancy.models import IdentifiedModel
from providers.models.directory import Establishment, Provider


class Claim(IdentifiedModel):
    """A provider says that it runs an establishment; the central team confirms or refuses."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the contract team"
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused"

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    claimed_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Why it was refused; the provider reads it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "establishment"],
                condition=~Q(state="refused"),
                name="claim_once_a_provider",
            ),
            models.UniqueConstraint(
                fields=["establishment"],
                condition=Q(state="confirmed"),
                name="claim_confirmed_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="claim_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="claim_decided_when_not_waiting",
            ),
        ]


class Addition(IdentifiedModel):
    """A provider runs an establishment that no register lists, and asks that it be added."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Claim.State, default=Claim.State.WAITING)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=24, choices=Establishment.Kind)
    number = models.CharField(max_length=10, blank=True)
    """The inspectorate's own number, where there is one already."""
    street = models.CharField(max_length=120)
    town = models.CharField(max_length=80)
    postcode = models.CharField(max_length=8)
    phone = models.CharField(max_length=30)
    low_age = models.PositiveSmallIntegerField()
    high_age = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Why it was refused; the provider reads it."""
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, null=True, related_name="+"
    )
    """What was added."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "name", "postcode"],
                condition=Q(state="waiting"),
                name="addition_waits_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="addition_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", establishment__isnull=False)
                | ~Q(state="confirmed") & Q(establishment__isnull=True),
                name="addition_confirmed_is_added",
            ),
        ]


class RegisterRun(IdentifiedModel):
    """One import of a register: what it read and did."""

    register = models.CharField(max_length=20)
    file_sha256 = models.CharField(max_length=64)
    run_at = models.DateTimeField()
    counts = models.JSONField()
