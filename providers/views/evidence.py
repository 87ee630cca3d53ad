"""The vault: what a provider keeps once, adds, replaces and takes back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.documents import scanner
from dps.forms import SentFile
from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from dps.views.sent_files import sent_file, with_kept
from dps.views.way_back import way_back
from providers.evidence_kinds import BY_CODE, EvidenceKind
from providers.filters import EvidenceFilter
from providers.forms.evidence import (
    FOR_SOME,
    EvidenceForm,
    WithdrawForm,
    add_form,
    establishment_choices,
    holder_choices,
    replace_form,
)
from providers.models import Evidence
from providers.presenters import evidence as words
from providers.presenters.own import lacking
from providers.queries import claims
from providers.queries import evidence as kept
from providers.services.evidence import add_evidence as add
from providers.services.evidence import replace_evidence as replace
from providers.services.evidence import withdraw_evidence as withdraw
from providers.tables import EvidenceTable
from providers.views.own import own_establishment

CHECKING = "We are checking the document for viruses. That usually takes less than a minute."


@require_safe
@requires(Action.MANAGE_ESTABLISHMENTS)
def vault(request: Any) -> HttpResponse:
    mine = list(claims.establishments_of(request.actor.provider_id))
    rows = kept.vault(request.actor.provider_id).order_by("kind", "establishment__name", "-id")
    today = _today(request)
    search = EvidenceFilter(request.GET, queryset=rows, today=today, mine=mine)
    table = EvidenceTable(search.qs, today=today)
    table.show(request)
    context = {
        "filter": search,
        "form": search.form,
        "table": table,
        "is_stand_in": not scanner.is_real(),
        "way_back": way_back(request),
    }
    status = 400 if search.form.errors else 200
    return render(request, "providers/vault.html", context, status=status)


@require_safe
@requires(Action.MANAGE_ESTABLISHMENTS)
def choose_kind(request: Any) -> HttpResponse:
    """What to add: every kind, and for how many establishments it is held."""
    mine = [one.pk for one in claims.establishments_of(request.actor.provider_id)]
    place = _wanted_place(request, mine)
    today = _today(request)
    held = kept.held(request.actor.provider_id, [place] if place else mine, today)
    query = f"?{urlencode({'for': place})}" if place else ""
    context = {"groups": words.kind_tasks(held, today, query)}
    return render(request, "providers/choose_kind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_ESTABLISHMENTS)
def add_evidence(request: Any, kind: str) -> HttpResponse:
    chosen = _kind(kind)
    mine = list(claims.establishments_of(request.actor.provider_id))
    place = _wanted_place(request, [one.pk for one in mine])
    first = {"held_for": FOR_SOME, "establishments": [str(place)]} if place else {}
    form, sent = _form(request, add_form(chosen), first)
    form.offer("establishments", establishment_choices(mine))
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            add(
                form.particulars,
                establishment_ids=form.establishment_ids,
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            status = _refused(request, form, refusal, "add_evidence")
        else:
            messages.success(request, f"{chosen.name}: added. {CHECKING if sent.kept else ''}")
            return redirect("providers:vault")
    context = _page(form, sent) | {"kind": chosen}
    return render(request, "providers/add_evidence.html", context, status=status)


@require_safe
@requires(Action.MANAGE_ESTABLISHMENTS)
def evidence_detail(request: Any, evidence_id: UUID) -> HttpResponse:
    one = _own(request, evidence_id)
    today = _today(request)
    context = {
        "evidence": one,
        "tag": words.tag(one, today),
        "rows": words.details(one),
        "file": words.file_words(one.upload),
        "is_current": not (one.is_replaced or one.is_withdrawn),
        "follower": one.replaced_by_id,
        "head": words.HISTORY_HEAD,
        "history": words.history_rows(kept.history(one), today),
        "is_stand_in": not scanner.is_real(),
    }
    return render(request, "providers/evidence_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_ESTABLISHMENTS)
def replace_evidence(request: Any, evidence_id: UUID) -> HttpResponse:
    one = _own(request, evidence_id)
    same = kept.same_document(one) or [one]
    first = {
        "replaces": [str(each.pk) for each in same],
        "title": one.title,
        "number": one.number,
        "sum_insured": one.sum_insured_pence,
    }
    form, sent = _form(request, replace_form(one.rules, several=len(same) > 1), first)
    form.offer("replaces", holder_choices(same))
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            made = replace(
                form.particulars,
                evidence_ids=form.cleaned_data.get("replaces") or [one.pk],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            status = _refused(request, form, refusal, "replace_evidence")
        else:
            messages.success(request, f"{one.what}: replaced. {CHECKING if sent.kept else ''}")
            return redirect("providers:evidence_detail", evidence_id=made[0].pk)
    context = _page(form, sent) | {"kind": one.rules, "evidence": one, "covers": words.holder(one)}
    return render(request, "providers/replace_evidence.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_ESTABLISHMENTS)
def withdraw_evidence(request: Any, evidence_id: UUID) -> HttpResponse:
    one = _own(request, evidence_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            withdraw(
                evidence_id=one.pk,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            status = _refused(request, form, refusal, "withdraw_evidence")
        else:
            messages.success(request, f"{one.what}: taken back. It counts no more.")
            return redirect("providers:vault")
    context = {"form": form, "evidence": one, "covers": words.holder(one)}
    return render(request, "providers/withdraw_evidence.html", context, status=status)


@require_safe
@requires(Action.MANAGE_ESTABLISHMENTS)
def evidence(request: Any, establishment_id: UUID) -> HttpResponse:
    """What counts for one establishment: its own, and what covers the whole organisation."""
    one = own_establishment(request, establishment_id)
    held = kept.latest(one.pk)
    context = {
        "establishment": one,
        "head": words.EVIDENCE_HEAD,
        "rows": words.evidence_rows(
            [held[kind] for kind in Evidence.Kind if kind in held], _today(request), opens=True
        ),
        "lacking": lacking(held),
    }
    return render(request, "providers/evidence.html", context)


def _form(
    request: Any, form_class: type[EvidenceForm], initial: dict[str, Any]
) -> tuple[EvidenceForm, SentFile]:
    """The file is looked at first, so that it is kept when something else is wrong."""
    if request.method != "POST":
        sent = SentFile()
        return form_class(initial=initial, today=_today(request), sent=sent), sent
    sent = sent_file(request)
    return form_class(with_kept(request.POST, sent), today=_today(request), sent=sent), sent


def _page(form: EvidenceForm, sent: SentFile) -> dict[str, Any]:
    return {
        "form": form,
        "kept": words.file_words(sent.kept),
        "is_stand_in": not scanner.is_real(),
    }


def _refused(request: Any, form: Any, refusal: Refusal, what: str) -> int:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    record_refusal(request, refusal, what)
    return refusal.status


def _kind(code: str) -> EvidenceKind:
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def _own(request: Any, evidence_id: UUID) -> Evidence:
    """A piece of the provider's own; for anybody else there is no such page."""
    return get_object_or_404(kept.vault(request.actor.provider_id), pk=evidence_id)


def _wanted_place(request: Any, mine: list[UUID]) -> UUID | None:
    """The establishment that the link was about, if it is one of these."""
    return next((one for one in mine if str(one) == request.GET.get("for")), None)


def _today(request: Any) -> Any:
    return london(request.received_at).date()
