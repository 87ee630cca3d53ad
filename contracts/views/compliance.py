"""The compliance page of the central team."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.presenters import compliance as words
from contracts.queries import compliance as found
from dps.clock import london
from dps.govuk.tables import PER_PAGE
from dps.permissions import Action
from dps.views.access import requires
from qualification.queries.qualified import suspensions_in_force

RUNS_SHOWN = 14


@require_safe
@requires(Action.VIEW_COMPLIANCE)
def compliance(request: Any) -> HttpResponse:
    today = london(request.received_at).date()
    findings = Paginator(found.open_findings(), PER_PAGE).get_page(request.GET.get("page"))
    ending = Paginator(found.expiring(today), PER_PAGE).get_page(request.GET.get("expiring"))
    in_force = suspensions_in_force([each.establishment_id for each in findings])
    warned = found.warned_of([each.id for each in ending])
    context = {
        "findings_head": words.FINDINGS_HEAD,
        "findings": [words.finding_row(each, in_force) for each in findings],
        "findings_page": findings,
        "expiring_head": words.EXPIRING_HEAD,
        "expiring": [words.expiring_row(each, warned) for each in ending],
        "expiring_page": ending,
        "chart": words.months_chart(found.expiring_by_month(today)),
        "runs_head": words.RUNS_HEAD,
        "runs": [words.run_row(run) for run in found.latest_runs(RUNS_SHOWN)],
    }
    return render(request, "contracts/compliance.html", context)
