"""Opening the bids: one page that each of the two people comes to, and approves on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dps.permissions import Action
from dps.views.access import requires
from referrals.models import Referral
from referrals.presenters.evaluation import opening_of
from referrals.services.opening import approve_opening
from referrals.states import ReferralState


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.OPEN_BIDS, fresh=True)
def opening(request: Any, referral_id: UUID) -> HttpResponse:
    """Who has approved, and the button; the second person's press opens."""
    referral = Referral.objects.select_related("category").get(id=referral_id)
    if request.method == "POST":
        referral = approve_opening(
            referral_id=referral_id, actor=request.actor, now=request.received_at
        )
        if referral.state == ReferralState.OPEN:
            messages.success(request, "You have approved. A second person has to approve too")
            return redirect("referrals:opening", referral_id)
        messages.success(request, "The bids are open")
        return redirect("referrals:detail", referral_id)
    context = {
        "referral": referral,
        "opening": opening_of(referral, request.actor, request.received_at),
    }
    return render(request, "referrals/opening/opening.html", context)
