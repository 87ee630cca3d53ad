"""Where everybody starts: what waits for them, and their account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.models import Authority, Membership
from dps.permissions import Action
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
    return render(request, "dps/start.html", {"sections": sections})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.USE_SERVICE)
def account(request: Any) -> HttpResponse:
    """The person's own capacities; a POST switches between them."""
    mine = memberships_of(request.actor.person_id)
    if request.method == "POST":
        chosen = _chosen(mine, request.POST.get("membership", ""))
        request.session[SESSION_KEY] = str(chosen.pk)
        return redirect("start")
    return render(request, "dps/account.html", {"memberships": mine, "current": request.membership})


def _chosen(mine: list[Membership], wanted: str) -> Membership:
    for membership in mine:
        if str(membership.pk) == wanted:
            return membership
    raise Http404


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
    return render(request, f"dps/pages/{name}.html")
