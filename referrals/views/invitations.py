"""A provider's invitations: the list, one referral as those invited read it, and declining."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.permissions import Action
from dps.views.access import requires
from referrals.filters import InvitationFilter
from referrals.forms.invitations import DeclineForm
from referrals.presenters.bids import REVISION_HEAD, revision_rows
from referrals.presenters.check import asked_tables, placement_rows, weight_rows
from referrals.presenters.invitation import answer_of, has_result, invitation_facts, next_words
from referrals.presenters.lists import InvitationTable, invitation_status
from referrals.queries.invitations import (
    draft_of,
    invitation_for,
    invitations_of,
    referral_of,
    revisions,
)
from referrals.queries.referrals import asked
from referrals.services.declining import decline, take_back_decline
from referrals.views.form_pages import FormPage, posted, show_or_save


@require_safe
@requires(Action.VIEW_INVITATIONS)
def invitation_list(request: Any) -> HttpResponse:
    now = request.received_at
    mine = invitations_of(request.actor.provider_id)
    chosen = InvitationFilter(request.GET, queryset=mine, now=now)
    table = InvitationTable(chosen.qs, now=now)
    table.show(request)
    status = 200 if chosen.is_valid() else 400
    context = {"filter": chosen, "table": table}
    return render(request, "referrals/invitations.html", context, status=status)


@require_safe
@requires(Action.VIEW_INVITATIONS)
def invitation(request: Any, invitation_id: UUID) -> HttpResponse:
    now = request.received_at
    invited = invitation_for(invitation_id, request.actor.provider_id)
    referral = referral_of(invited)
    sent = list(revisions(invited))
    status, colour = invitation_status(invited, now)
    context = {
        "invitation": invited,
        "referral": referral,
        "status": status,
        "colour": colour,
        "answer": answer_of(invited, sent, draft_of(invited), now),
        "next": next_words(invited, sent, now),
        "asked": asked_tables(asked(referral)),
        "placement": placement_rows(referral),
        "weights": weight_rows(referral),
        "sent": revision_rows(sent, invited),
        "sent_head": REVISION_HEAD,
        "facts": invitation_facts(invited),
        "has_result": has_result(invited, sent),
    }
    return render(request, "referrals/invitation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECLINE_INVITATION)
def decline_invitation(request: Any, invitation_id: UUID) -> HttpResponse:
    invited = invitation_for(invitation_id, request.actor.provider_id)

    def save(form: Any) -> None:
        decline(
            invitation_id=invited.pk,
            actor=request.actor,
            now=request.received_at,
            **form.cleaned_data,
        )
        messages.success(request, f"You have declined {invited.reference}")

    done = reverse("referrals:invitation", args=[invited.pk])
    form = DeclineForm(posted(request))
    page = FormPage("referrals/decline.html", form, save, done, {"invitation": invited})
    return show_or_save(request, page)


@require_POST
@requires(Action.DECLINE_INVITATION)
def take_back(request: Any, invitation_id: UUID) -> HttpResponse:
    invited = take_back_decline(
        invitation_id=invitation_id, actor=request.actor, now=request.received_at
    )
    messages.success(request, f"You can bid for {invited.reference} again")
    return redirect("referrals:invitation", invitation_id=invited.pk)
