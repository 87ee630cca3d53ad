"""An organisation's people, for those who look after them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dps.actors import Role
from dps.forms import InviteForm
from dps.models import JoiningLink, Membership
from dps.permissions import Action
from dps.queries.people import addresses_of, own_people, roles_to_give, waiting_links
from dps.refusals import Refusal
from dps.services.colleagues import (
    Colleague,
    cancel_invitation,
    invite_colleague,
    remove_colleague,
)
from dps.views.access import record_refusal, requires

PEOPLE_HEAD = ("Name", "Email address", "Roles", "Change")
WAITING_HEAD = ("Name", "Email address", "Roles", "Invitation", "Change")


@require_safe
@requires(Action.MANAGE_PEOPLE)
def people(request: Any) -> HttpResponse:
    """Everybody who acts for the organisation, and who has been invited."""
    rows = own_people(request.actor).select_related("person").order_by("person__name", "id")
    found = list(rows)
    addresses = addresses_of(one.person_id for one in found)
    context = {
        "head": PEOPLE_HEAD,
        "rows": [_person_row(one, addresses, request.actor.person_id) for one in found],
        "waiting_head": WAITING_HEAD,
        "waiting": [_waiting_row(one, request) for one in waiting_links(request.actor)],
    }
    return render(request, "dps/people.html", context)


def _person_row(one: Membership, addresses: dict[UUID, str], self_id: UUID | None) -> list[Any]:
    """The address tells two people of one name apart."""
    name = f"{one.person.name} (you)" if one.person_id == self_id else one.person.name
    remove = reverse("remove_colleague", args=[one.pk])
    return [
        name,
        addresses.get(one.person_id, ""),
        role_words(one.roles),
        {"text": f"Remove {one.person.name}", "href": remove},
    ]


def _waiting_row(link: JoiningLink, request: Any) -> list[Any]:
    cancel = reverse("cancel_invitation", args=[link.pk])
    is_over = link.expires_at is not None and link.expires_at <= request.received_at
    state = "Has run out" if is_over else "Sent" if link.token_hash else "Being sent"
    return [
        link.name,
        link.email,
        role_words(link.roles),
        state,
        {"text": f"Cancel the invitation of {link.name}", "href": cancel},
    ]


def role_words(roles: list[str]) -> str:
    return ", ".join(Role(role).words for role in roles)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_PEOPLE)
def invite(request: Any) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = InviteForm(posted, roles=roles_to_give(request.actor))
    status = 200
    if posted is not None:
        status = 400
        if form.is_valid():
            typed = form.cleaned_data
            roles = tuple(Role(role) for role in typed["roles"])
            colleague = Colleague(typed["name"], typed["email"], roles)
            try:
                invite_colleague(colleague, actor=request.actor, now=request.received_at)
            except Refusal as refusal:
                form.add_error(refusal.field or None, refusal.message)
                record_refusal(request, refusal, "invite_colleague")
                status = refusal.status
            else:
                messages.success(request, f"We are sending {colleague.name} an email with a link")
                return redirect("people")
    return render(request, "dps/invite.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_PEOPLE)
def remove(request: Any, membership_id: UUID) -> HttpResponse:
    """What it means, and then the button."""
    found = own_people(request.actor).select_related("person").get(pk=membership_id)
    if request.method == "POST":
        remove_colleague(membership_id=membership_id, actor=request.actor, now=request.received_at)
        if found.person_id == request.actor.person_id:
            return redirect("start")
        messages.success(request, f"{found.person.name} has been removed")
        return redirect("people")
    context = {
        "person": found.person,
        "roles": role_words(found.roles),
        "is_self": found.person_id == request.actor.person_id,
    }
    return render(request, "dps/remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.MANAGE_PEOPLE)
def cancel(request: Any, link_id: UUID) -> HttpResponse:
    if request.method == "POST":
        link = cancel_invitation(link_id=link_id, actor=request.actor, now=request.received_at)
        messages.success(request, f"The invitation of {link.name} is cancelled")
        return redirect("people")
    link = waiting_links(request.actor).get(pk=link_id)
    return render(request, "dps/cancel_invitation.html", {"link": link})
