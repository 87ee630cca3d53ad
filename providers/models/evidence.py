from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from dps.models import Person, Upload
from dps.tenancy.models import IdentifiedModel
from providers.evidence_kinds import (
    BY_CODE,
    EXPIRING_CODES,
    INSURANCE_CODES,
    OF_ESTABLISHMENTS,
    OF_ORGANISATIONS,
    EvidenceKind,
)
from providers.models.directory import Establishment, Provider


class Evidence(IdentifiedModel):
    """A certificate, policy or account that is kept once and shown wherever it is asked (Q8)."""

    class Kind(models.TextChoices):
        PUBLIC_LIABILITY = "public_liability", "Public liability insurance"
        EMPLOYERS_LIABILITY = "employers_liability", "Employers’ liability insurance"
        PROFESSIONAL_INDEMNITY = "professional_indemnity", "Professional indemnity insurance"
        MOTOR = "motor", "Motor insurance"
        SAFEGUARDING = "safeguarding", "Safeguarding policy"
        BUSINESS_CONTINUITY = "business_continuity", "Business continuity plan"
        HEALTH_AND_SAFETY = "health_and_safety", "Health and safety policy"
        EQUALITIES = "equalities", "Equalities policy"
        DATA_PROTECTION = "data_protection", "Data protection registration"
        REGISTRATION = (
            "registration",
            "Registration certificate (Ofsted or Department for Education)",
        )
        ACCOUNTS = "accounts", "Accounts for the last financial year"
        ACCOUNTS_BEFORE = "accounts_before", "Accounts for the financial year before"
        REFERENCES = "references", "References"
        OTHER = "other", "Another document"

    INSURANCES = (Kind.PUBLIC_LIABILITY, Kind.EMPLOYERS_LIABILITY)
    """Those without which nobody is on a list (BC 7.4)."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    # Null: for the whole organisation, and so for each of its establishments.
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=30, choices=Kind)
    title = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=60, blank=True)
    sum_insured_pence = models.BigIntegerField(null=True, blank=True)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
                name="evidence_expires_after_issue",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=EXPIRING_CODES) | Q(expires_on__isnull=False),
                name="evidence_expires_where_its_kind_does",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=INSURANCE_CODES)
                | Q(sum_insured_pence__isnull=False, sum_insured_pence__gt=0),
                name="evidence_of_insurance_has_a_sum",
            ),
            models.CheckConstraint(
                condition=(~Q(kind__in=OF_ORGANISATIONS) | Q(establishment__isnull=True))
                & (~Q(kind__in=OF_ESTABLISHMENTS) | Q(establishment__isnull=False)),
                name="evidence_held_by_whom_its_kind_says",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True, replaced_at__isnull=True)
                | Q(replaced_by__isnull=False, replaced_at__isnull=False),
                name="evidence_replaced_by_something",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="evidence_withdrawn_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["establishment", "kind", "-expires_on"], name="evidence_latest"),
            models.Index(fields=["provider", "kind"], name="evidence_of_provider"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def rules(self) -> EvidenceKind:
        return BY_CODE[self.kind]

    @property
    def what(self) -> str:
        """Its kind in words; of another document, the name that it was given."""
        return self.title or self.rules.name

    @property
    def file_state(self) -> str:
        """ "" where there is no file, or none that this actor may know of."""
        return self.upload.state if self.upload_id and self.upload else ""

    @property
    def is_replaced(self) -> bool:
        return self.replaced_by_id is not None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_for_one_establishment(self) -> bool:
        return self.establishment_id is not None
