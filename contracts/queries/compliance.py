"""What the compliance page shows: open findings, what expires soon, and the runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncMonth

from contracts.compliance import INSURANCES, WARN_DAYS
from contracts.models import ComplianceFinding, ComplianceReminder, ComplianceRun
from contracts.queries.insurance import insurance_rules
from providers.models import Evidence
from providers.queries.evidence import reliable
from qualification.models import EvidenceRule, Qualification

SOON = timedelta(days=max(WARN_DAYS))


def open_findings() -> QuerySet[ComplianceFinding]:
    """What no longer passes, the latest first."""
    rows = ComplianceFinding.objects.filter(resolved_at__isnull=True)
    return rows.select_related("establishment", "provider").order_by("-found_at", "-id")


def expiring(on: date) -> QuerySet[Evidence]:
    """Insurance that ends within 60 days with nothing on record that follows, the first first.

    Insurance is what a list that its holder is on asks for, of the sum that it asks for or more.
    """
    listed = Qualification.objects.filter(ended_at__isnull=True)
    its_own = listed.filter(establishment_id=OuterRef(OuterRef("establishment_id")))
    any_of_them = listed.filter(establishment__provider_id=OuterRef(OuterRef("provider_id")))
    ending = reliable().filter(expires_on__range=(on, on + SOON), issued_on__lte=on)
    rows = ending.filter(
        Exists(_asking(its_own)) | Q(Exists(_asking(any_of_them)), establishment__isnull=True),
        kind__in=INSURANCES,
    )
    return rows.select_related("establishment", "provider").order_by(
        "expires_on", "establishment__name", "kind", "id"
    )


def _asking(listed: QuerySet[Qualification]) -> QuerySet[EvidenceRule]:
    """The rules for which the certificate around this is enough, and nothing that follows is."""
    place, provider = OuterRef(OuterRef("establishment_id")), OuterRef(OuterRef("provider_id"))
    last = OuterRef(OuterRef("expires_on"))
    following = reliable().filter(
        Q(establishment_id=place) | Q(establishment__isnull=True, provider_id=provider),
        kind=OuterRef("kind"),
        sum_insured_pence__gte=OuterRef("least"),
        expires_on__gt=last,
        issued_on__lte=last + timedelta(days=1),
    )
    rules = insurance_rules().annotate(least=Coalesce("least_sum_pence", 0))
    return rules.filter(
        ~Exists(following),
        kind=OuterRef("kind"),
        least__lte=OuterRef("sum_insured_pence"),
        criterion__rule_set_id__in=listed.values("rule_set_id"),
    )


def expiring_by_month(on: date) -> list[tuple[date, int]]:
    """The first day of each month that the 60 days touch, and how many certificates end in it."""
    ending = expiring(on).select_related(None).order_by()
    counted = ending.annotate(month=TruncMonth("expires_on")).values("month")
    numbers = dict(counted.annotate(number=Count("id")).values_list("month", "number"))
    months, month = [], on.replace(day=1)
    while month <= on + SOON:
        months.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return [(month, numbers.get(month, 0)) for month in months]


def warned_of(evidence_ids: Collection[UUID]) -> dict[UUID, list[int]]:
    """The warnings that were sent of each certificate: so many days before, the first first."""
    sent: dict[UUID, list[int]] = defaultdict(list)
    rows = ComplianceReminder.objects.filter(evidence_id__in=evidence_ids).order_by(
        F("days").desc()
    )
    for evidence_id, days in rows.values_list("evidence_id", "days"):
        sent[evidence_id].append(days)
    return dict(sent)


def latest_runs(most: int) -> list[ComplianceRun]:
    return list(ComplianceRun.objects.order_by("-as_of")[:most])
