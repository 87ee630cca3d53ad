"""Placement agreements: the list, one of them, and signing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contracts.filters import AgreementFilter
from contracts.forms import SignForm
from contracts.models import Agreement
from contracts.presenters import agreements as words
from contracts.queries.agreements import agreement_of, agreements_of, side_of, signatures_of
from contracts.services import signing
from contracts.states import AgreementState
from dps.actors import Kind
from dps.permissions import Action, may
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires

PAGE_SIZE = 25


@require_safe
@requires(Action.VIEW_AGREEMENTS)
def agreements(request: Any) -> HttpResponse:
    found = AgreementFilter(request.GET, queryset=agreements_of(request.actor))
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "form": found.form,
        "head": words.list_head(request.actor),
        "rows": [words.list_row(agreement, request.actor) for agreement in page],
        "page_obj": page,
    }
    status = 400 if found.form.errors else 200
    return render(request, "contracts/agreements.html", context, status=status)


@require_safe
@requires(Action.VIEW_AGREEMENTS)
def agreement(request: Any, authority_id: int, agreement_id: UUID) -> HttpResponse:
    found = agreement_of(authority_id, agreement_id)
    signatures = signatures_of(found)
    sign_name = _sign_name(request)
    may_sign = bool(sign_name) and side_of(request.actor) not in signatures
    context = {
        "agreement": found,
        "state": words.state_tag(found),
        "facts": words.facts(found, request.actor),
        "signature_rows": words.signature_rows(found, signatures),
        "next_words": words.next_words(found, signatures, request.actor, may_sign=may_sign),
        "sign_href": reverse(sign_name, args=[authority_id, agreement_id]) if may_sign else "",
    }
    return render(request, "contracts/agreement.html", context)


def _sign_name(request: Any) -> str:
    """The address on which this person's side signs; none if the person may not."""
    if may(request.actor, Action.SIGN_FOR_PROVIDER):
        return "contracts:sign_for_provider"
    return "contracts:sign_for_council" if may(request.actor, Action.SIGN_FOR_AUTHORITY) else ""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SIGN_FOR_AUTHORITY, fresh=True)
def sign_for_council(request: Any, authority_id: int, agreement_id: UUID) -> HttpResponse:
    return _sign(request, agreement_of(authority_id, agreement_id))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SIGN_FOR_PROVIDER, fresh=True)
def sign_for_provider(request: Any, authority_id: int, agreement_id: UUID) -> HttpResponse:
    return _sign(request, agreement_of(authority_id, agreement_id))


def _sign(request: Any, found: Agreement) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = SignForm(data, initial={"sha256": found.sha256})
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            signed = signing.sign(
                agreement_id=found.id,
                authority_id=found.authority_id,
                signed_name=form.cleaned_data["name"],
                sha256=form.cleaned_data["sha256"],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "sign")
            status = refusal.status
        else:
            messages.success(request, _signed_words(signed))
            return redirect("contracts:agreement", found.authority_id, found.id)
    side = found.provider if request.actor.kind is Kind.PROVIDER else found.authority
    context = {"agreement": found, "form": form, "signs_for": side.name, "signer": request.actor}
    return render(request, "contracts/sign.html", context, status=status)


def _signed_words(signed: Agreement) -> str:
    if signed.state == AgreementState.SIGNED:
        return "You have signed. Both sides have signed now, so the agreement is in force."
    return "You have signed. The other side signs next."
