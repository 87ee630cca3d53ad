"""Writing, checking and sending a bid, and the receipts for what was sent."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import requires
from referrals.bid_content import BidContent
from referrals.forms.bids import SUBMITTING, BidForm, initial_of, posted_rows, rows_for, typed
from referrals.models import SealedBid
from referrals.presenters.bids import (
    bid_cards,
    cost_of,
    missing_essentials,
    receipt_of,
    receipt_rows,
)
from referrals.queries.invitations import draft_of, invitation_for, is_open, revisions
from referrals.services.bidding import (
    record_refused_attempt,
    save_draft,
    submit_bid,
    withdraw_bid,
)
from referrals.views.bid_page import BidPage, load
from referrals.views.form_pages import put_refusal


class BidHasChanged(Refusal):
    message = "The draft has been changed since you looked at it. Check it again before you submit"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_BID)
def bid(request: Any, invitation_id: UUID) -> HttpResponse:
    """The one page of a bid; its buttons save, add a line, work the cost out, or go on."""
    page = load(request, invitation_id)
    if request.method != "POST":
        return _show_kept(request, page)
    if "add" in request.POST:
        return _show_typed(request, page, rows=posted_rows(request.POST) + 1)
    if "cost" in request.POST:
        return _show_typed(request, page, rows=posted_rows(request.POST))
    return _save(request, page, is_strict=SUBMITTING in request.POST)


@require_POST
@requires(Action.PREPARE_BID)
def cost(request: Any, invitation_id: UUID) -> HttpResponse:
    """The cost for a year of what has been typed so far: a part of the page, for its script."""
    page = load(request, invitation_id)
    context = {"cost": _typed_cost(request, page, rows=posted_rows(request.POST))}
    return render(request, "referrals/parts/cost.html", context)


@require_POST
@requires(Action.PREPARE_BID)
def autosave(request: Any, invitation_id: UUID) -> HttpResponse:
    """Keep what can be understood of a draft while it is written; the page keeps the rest."""
    page = load(request, invitation_id)
    form = page.form(request.POST, is_strict=False)
    form.is_valid()
    try:
        _keep(request, page, form.content())
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=refusal.status)
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SUBMIT_BID)
def check(request: Any, invitation_id: UUID) -> HttpResponse:
    """The draft as it will be sealed; submitting leads to the receipt."""
    page = load(request, invitation_id)
    draft = draft_of(page.invitation)
    if draft is None:
        return redirect("referrals:invitation", invitation_id=invitation_id)
    content, refused, status = BidContent.from_json(draft.content), "", 200
    if request.method == "POST":
        try:
            if request.POST.get("seen") != _mark(content):
                raise BidHasChanged
            sealed = submit_bid(
                invitation_id=invitation_id,
                content=content,
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            refused, status = refusal.message, refusal.status
            _record(request, page, refusal)
        else:
            return redirect("referrals:receipt", invitation_id, sealed.revision)
    cost = cost_of(content, page.weeks)
    context = {
        "page": page,
        "cards": bid_cards(content, page.lists, cost),
        "cost": cost,
        "lacking": missing_essentials(content, page.lists),
        "seen": _mark(content),
        "refused": refused,
        "is_open": is_open(page.invitation, request.received_at),
    }
    return render(request, "referrals/bid_check.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.WITHDRAW_BID)
def withdraw(request: Any, invitation_id: UUID) -> HttpResponse:
    page = load(request, invitation_id)
    refused, status = "", 200
    if request.method == "POST":
        try:
            sealed = withdraw_bid(
                invitation_id=invitation_id, actor=request.actor, now=request.received_at
            )
        except Refusal as refusal:
            refused, status = refusal.message, refusal.status
            _record(request, page, refusal)
        else:
            return redirect("referrals:receipt", invitation_id, sealed.revision)
    context = {"page": page, "refused": refused}
    return render(request, "referrals/bid_withdraw.html", context, status=status)


@require_safe
@requires(Action.VIEW_INVITATIONS)
def receipt(request: Any, invitation_id: UUID, revision: int) -> HttpResponse:
    invited = invitation_for(invitation_id, request.actor.provider_id)
    sent = list(revisions(invited).select_related("submitted_by"))
    sealed = _of_revision(sent, revision)
    context = {
        "invitation": invited,
        "sealed": sealed,
        "rows": receipt_rows(sealed, invited),
        "is_last": sealed.revision == sent[0].revision,
        "is_open": is_open(invited, request.received_at),
    }
    return render(request, "referrals/receipt.html", context)


@require_safe
@requires(Action.VIEW_INVITATIONS)
def receipt_file(request: Any, invitation_id: UUID, revision: int) -> HttpResponse:
    invited = invitation_for(invitation_id, request.actor.provider_id)
    sealed = get_object_or_404(revisions(invited), revision=revision)
    name = f"receipt-{invited.reference}-{revision}.json"
    return JsonResponse(
        receipt_of(sealed, invited),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _save(request: Any, page: BidPage, *, is_strict: bool) -> HttpResponse:
    form = page.form(request.POST, is_strict=is_strict)
    status = 400
    if form.is_valid():
        try:
            _keep(request, page, form.content())
        except Refusal as refusal:
            put_refusal(form, refusal)
            status = refusal.status
            _record(request, page, refusal)
        else:
            if is_strict:
                return redirect("referrals:bid_check", invitation_id=page.invitation.pk)
            messages.success(request, "Your draft has been saved. It is not submitted yet")
            return redirect("referrals:invitation", invitation_id=page.invitation.pk)
    cost = cost_of(form.content(), page.weeks)
    return _show(request, page, form, cost, status=status)


def _show_kept(request: Any, page: BidPage) -> HttpResponse:
    if not page.can_bid(request.received_at):
        return redirect("referrals:invitation", invitation_id=page.invitation.pk)
    kept = page.kept()
    form = page.unbound(initial_of(kept), rows=rows_for(kept))
    return _show(request, page, form, cost_of(kept, page.weeks))


def _show_typed(request: Any, page: BidPage, *, rows: int) -> HttpResponse:
    """What was typed, without messages: pressing these two buttons never loses anything."""
    form = page.unbound(typed(request.POST), rows=rows)
    return _show(request, page, form, _typed_cost(request, page, rows=rows))


def _typed_cost(request: Any, page: BidPage, *, rows: int) -> Any:
    form = page.form(request.POST, is_strict=False, rows=rows)
    form.is_valid()
    return cost_of(form.content(), page.weeks)


def _show(
    request: Any, page: BidPage, form: BidForm, cost: Any, *, status: int = 200
) -> HttpResponse:
    context = {"page": page, "form": form, "cost": cost, "rows": form.rows}
    return render(request, "referrals/bid.html", context, status=status)


def _keep(request: Any, page: BidPage, content: BidContent) -> None:
    save_draft(
        invitation_id=page.invitation.pk,
        content=content,
        actor=request.actor,
        now=request.received_at,
    )


def _record(request: Any, page: BidPage, refusal: Refusal) -> None:
    record_refused_attempt(
        invitation_id=page.invitation.pk,
        refusal=refusal,
        actor=request.actor,
        now=request.received_at,
    )


def _mark(content: BidContent) -> str:
    """What was looked at, so that exactly that is submitted."""
    return hashlib.sha256(content.canonical().encode()).hexdigest()


def _of_revision(sent: list[SealedBid], revision: int) -> SealedBid:
    """:raises SealedBid.DoesNotExist: nothing was sent under that number."""
    for one in sent:
        if one.revision == revision:
            return one
    raise SealedBid.DoesNotExist
