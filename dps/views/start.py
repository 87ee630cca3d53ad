"""Where everybody starts: what waits for them, and their account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dps.actors import Actor, Role
from dps.forms import MembershipForm
from dps.models import Authority, Membership
from dps.permissions import Action, may
from dps.queries.people import organisation_names
from dps.services.people import memberships_of
from dps.views.access import public, requires
from dps.views.who import SESSION_KEY
from dps.waiting import sections_for


@require_safe
@public("what the service is, and where to sign in")
def welcome(request: Any) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("start")
    return render(request, "dps/welcome.html", {"is_demo": settings.DEMO})


@require_safe
@requires(Action.USE_SERVICE)
def start(request: Any) -> HttpResponse:
    sections = list(sections_for(request.actor, request.received_at))
    context = {
        "sections": sections,
        "now": request.received_at,
        "also_here": _also_here(request.actor),
    }
    return render(request, "dps/start.html", context)


def _also_here(actor: Actor) -> list[dict[str, str]]:
    """Pages of the kernel that no menu leads to."""
    pages = (
        ("Audit trail", "audit_trail", Action.VIEW_AUDIT_TRAIL),
        ("Jobs that keep failing", "failing_jobs", Action.VIEW_FAILING_JOBS),
    )
    return [
        {"text": text, "href": reverse(name)} for text, name, action in pages if may(actor, action)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.USE_SERVICE)
def account(request: Any) -> HttpResponse:
    """The person's own capacities; a POST switches between them."""
    capacities = _capacities(memberships_of(request.actor.person_id))
    form = MembershipForm(
        request.POST if request.method == "POST" else None,
        capacities=capacities,
        initial={"membership": str(request.membership.pk)},
    )
    if form.is_valid():
        request.session[SESSION_KEY] = form.cleaned_data["membership"]
        return redirect("start")
    context = {"form": form, "capacities": capacities, "current": str(request.membership.pk)}
    return render(request, "dps/account.html", context, status=400 if form.is_bound else 200)


def _capacities(mine: list[Membership]) -> list[tuple[str, str]]:
    """Each membership's id, and the organisation and roles in words."""
    wanted = [one.provider_id for one in mine if one.provider_id]
    names = organisation_names(wanted)
    return [(str(one.pk), _in_words(one, names)) for one in mine]


def _in_words(one: Membership, names: dict[UUID, str]) -> str:
    roles = ", ".join(Role(role).words for role in one.roles)
    if one.authority is None:
        name = names.get(one.provider_id, "") if one.provider_id else ""
        return f"{name or 'A provider'}: {roles}"
    team = ", contract team" if one.is_central else ""
    return f"{one.authority.name}{team}: {roles}"


@require_safe
@public("a council's colour, as a style sheet")
def brand(request: Any, code: str) -> HttpResponse:
    authority = get_object_or_404(Authority, code=code)
    css = f":root{{--govuk-brand-colour:{authority.brand_colour}}}"
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(css, content_type="text/css", headers=headers)


STATIC_PAGES = ("accessibility", "privacy", "cookies", "help")


@require_safe
@public("what everybody may know about the service")
def static_page(request: Any, name: str) -> HttpResponse:
    if name not in STATIC_PAGES:
        raise Http404
    lead = Authority.objects.filter(is_lead=True).first()
    context = {
        "lead": lead,
        "is_demo": settings.DEMO,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, f"dps/pages/{name}.html", context)
