"""The regional directory: a list with a map, files of what is found, and one establishment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dps.actors import Actor, Kind
from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import NotUnderstood
from dps.views.access import requires
from dps.views.downloads import MOST_ROWS, csv_file, xlsx_file
from providers.filters import DirectoryFilter
from providers.models import Claim, Establishment, Evidence
from providers.presenters import establishment as words
from providers.presenters import listing as lines
from providers.presenters.evidence import EVIDENCE_HEAD, evidence_rows
from providers.presenters.facts import facts_about
from providers.presenters.places import LIST_ID, circle_around, directory_map, one_place_map
from providers.queries import claims as claims_made
from providers.queries import directory
from providers.queries.evidence import latest
from providers.states import ClaimState
from providers.tables import DirectoryTable

FILE_NAME = "directory"


class FilterNotUnderstood(NotUnderstood):
    message = "The filter of this list cannot be read. Go back to the directory and change it."


@require_safe
@requires(Action.VIEW_DIRECTORY)
def listing(request: Any) -> HttpResponse:
    search = DirectoryFilter(request.GET, queryset=directory.listed())
    table = DirectoryTable(search.qs, origin=search.origin)
    table.show(request)
    numbered = table.numbered()
    table.facts = facts_about([one.pk for _, one in numbered], request.actor)
    context = {
        "filter": search,
        "form": search.form,
        "table": table,
        "map": directory_map(numbered, _limit(search)),
        "list_id": LIST_ID,
        "query": request.GET.urlencode(),
    }
    status = 400 if search.form.errors else 200
    return render(request, "providers/directory.html", context, status=status)


def _limit(search: DirectoryFilter) -> Any:
    if search.origin is None or search.miles_asked is None:
        return None
    return circle_around(search.origin, search.miles_asked)


@require_safe
@requires(Action.VIEW_DIRECTORY)
def listing_csv(request: Any) -> HttpResponse:
    return csv_file(FILE_NAME, lines.HEAD, _file_rows(request))


@require_safe
@requires(Action.VIEW_DIRECTORY)
def listing_xlsx(request: Any) -> HttpResponse:
    return xlsx_file(FILE_NAME, lines.HEAD, _file_rows(request))


def _file_rows(request: Any) -> Any:
    search = DirectoryFilter(request.GET, queryset=directory.listed())
    if search.form.errors:
        raise FilterNotUnderstood
    found = list(search.qs[:MOST_ROWS])
    facts = facts_about([one.pk for one in found], request.actor)
    return lines.file_rows(found, facts, search.origin)


@require_safe
@requires(Action.VIEW_DIRECTORY)
def establishment(request: Any, establishment_id: UUID) -> HttpResponse:
    one = get_object_or_404(directory.listed(), pk=establishment_id)
    facts = facts_about([one.pk], request.actor).get(one.pk, [])
    held = latest(one.pk)
    kinds = [held[kind] for kind in Evidence.Kind if kind in held]
    today = london(request.received_at).date()
    context = {
        "establishment": one,
        "about": words.about(one),
        "contact": words.contact(one),
        "provenance": words.provenance(one),
        "status": words.status(facts),
        "inspections_head": words.INSPECTIONS_HEAD,
        "inspections": words.inspection_rows(one.inspections.all()),
        "evidence_head": EVIDENCE_HEAD,
        "evidence": evidence_rows(kinds, today, opens=may(request.actor, Action.READ_UPLOAD)),
        "map": one_place_map(one),
        **_next_steps(one, request.actor),
    }
    return render(request, "providers/establishment.html", context)


def _next_steps(one: Establishment, actor: Actor) -> dict[str, Any]:
    """What this person can do about it."""
    if actor.kind is not Kind.PROVIDER or actor.provider_id is None:
        return {"sees_evidence": True, "claims": _waiting(one, actor)}
    is_mine = one.provider_id == actor.provider_id
    claim = claims_made.claims_of(actor.provider_id).filter(establishment=one).first()
    can_claim = (
        may(actor, Action.CLAIM_ESTABLISHMENT)
        and one.is_open
        and one.is_procured
        and one.provider_id is None
        and (claim is None or claim.state == ClaimState.REFUSED)
    )
    href = reverse("providers:claim", args=[one.pk]) if can_claim else ""
    return {"is_mine": is_mine, "sees_evidence": is_mine, "claim": claim, "claim_href": href}


def _waiting(one: Establishment, actor: Actor) -> list[Claim]:
    if not may(actor, Action.DECIDE_CLAIM):
        return []
    return list(claims_made.waiting_claims().filter(establishment=one))
