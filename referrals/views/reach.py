"""Who will be invited, and afterwards who was: the same page before and after the issue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dps.permissions import Action, require
from dps.views.access import requires
from referrals.models import Referral
from referrals.presenters.reach import preview_page, record_page
from referrals.services.reaching import preview_reach
from referrals.states import ReferralState


@require_safe
@requires(Action.VIEW_REFERRALS)
def reach(request: Any, referral_id: UUID) -> HttpResponse:
    referral = Referral.objects.get(pk=referral_id)
    is_draft = referral.state == ReferralState.DRAFT
    if is_draft:
        require(request.actor, Action.RAISE_REFERRAL)
        seen = preview_reach(referral_id=referral.pk, actor=request.actor, now=request.received_at)
        page = preview_page(seen.home, seen.limit, seen.considered)
    else:
        page = record_page(referral)
    context = {"referral": referral, "page": page, "is_draft": is_draft}
    return render(request, "referrals/reach.html", context)
