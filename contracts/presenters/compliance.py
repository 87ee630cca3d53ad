"""What the compliance page says, and the central team's start page of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from contracts.models import ComplianceFinding, ComplianceRun
from contracts.queries.compliance import open_findings
from dps.clock import london, show_date, show_instant
from dps.govuk.charts import Chart, bar_chart
from dps.waiting import Section, Waiting
from providers.models import Evidence
from providers.presenters.evidence import until
from qualification.models import Suspension

MOST = 10
FINDINGS_HEAD = ("Establishment", "Provider", "What was found", "Found on", "State")
EXPIRING_HEAD = ("Establishment", "Certificate", "Last day", "Warned")
RUNS_HEAD = (
    "As of",
    "Last finished",
    {"text": "Checked", "numeric": True},
    {"text": "Found", "numeric": True},
    {"text": "Put right", "numeric": True},
    {"text": "Warned", "numeric": True},
)


def section() -> Section:
    return Section(
        heading="Compliance",
        items=tuple(
            Waiting(
                f"{finding.establishment.name}: {finding.get_item_display().lower()}",
                _page_of(finding.establishment_id),
                finding.words,
            )
            for finding in open_findings()[:MOST]
        ),
        empty="Every qualified establishment passes. The audit looks at all of them every hour.",
        more_text="Compliance of all establishments",
        more_href=reverse("contracts:compliance"),
    )


def finding_row(finding: ComplianceFinding, in_force: dict[UUID, list[Suspension]]) -> list[Any]:
    causes = [each.cause for each in in_force.get(finding.establishment_id, [])]
    return [
        {"text": finding.establishment.name, "href": _page_of(finding.establishment_id)},
        finding.provider.name,
        finding.words,
        show_date(london(finding.found_at).date()),
        _state(finding, causes),
    ]


def _state(finding: ComplianceFinding, causes: Collection[str]) -> dict[str, str]:
    if finding.item in causes:
        return {"text": "Suspended", "colour": "red"}
    if finding.suspends:
        return {"text": "Lifted by an officer", "colour": "grey"}
    return {"text": "To look at", "colour": "yellow"}


def expiring_row(certificate: Evidence, warned: dict[UUID, list[int]]) -> list[Any]:
    place = certificate.establishment
    return [
        {"text": place.name, "href": _page_of(place.pk)}
        if place
        else f"All of {certificate.provider.name}",
        certificate.get_kind_display(),
        until(certificate),
        _warnings(warned.get(certificate.id, [])),
    ]


def _warnings(days: list[int]) -> str:
    return f"{' and '.join(map(str, days))} days before" if days else "Not yet"


def months_chart(months: Iterable[tuple[date, int]]) -> Chart:
    rows = [(f"{month:%B %Y}", number) for month, number in months]
    return bar_chart(
        "Certificates that run out, by month", "Certificates", rows, key="months", head="Month"
    )


def run_row(run: ComplianceRun) -> list[Any]:
    finished = "Stopped part-way" if run.finished_at is None else show_instant(run.finished_at)
    numbers = (run.checked, run.found, run.resolved, run.reminded)
    return [show_date(run.as_of), finished, *(f"{number:,}" for number in numbers)]


def _page_of(establishment_id: UUID) -> str:
    return reverse("providers:establishment", args=[establishment_id])
