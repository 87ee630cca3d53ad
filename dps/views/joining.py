"""The page of somebody who was invited: no account yet, and nothing is decided by GET."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.forms import JoinForm
from dps.models import JoiningLink
from dps.queries.people import organisation_of
from dps.refusals import NotPermitted
from dps.services.joining import NameTaken, find_link, has_account, hash_of, join
from dps.views.access import public
from dps.views.limits import unknown_links_counted
from dps.views.link_cookie import LinkCookie
from dps.views.people import role_words

COOKIE = LinkCookie("joining")


class LinkFirst(NotPermitted):
    message = "Open the link in the email that invited you. Pages are remembered for two hours"


@require_safe
@public("somebody who was invited follows the link; the token is exchanged for a cookie")
def follow(request: Any, token: str) -> HttpResponse:
    """404 for what never was, 410 for what has ended; else on to an address without the token."""
    token_hash = hash_of(token)
    with unknown_links_counted(request):
        find_link(token_hash, now=request.received_at)
    response = redirect("join")
    COOKIE.remember(response, {"hash": token_hash})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@public("the holder of a joining link has no account until this page makes it")
def accept(request: Any) -> HttpResponse:
    """Who invites, to what; the name and a password where the address has no account."""
    held = COOKIE.held(request)
    if held is None:
        raise LinkFirst
    link = find_link(held["hash"], now=request.received_at)
    is_known = has_account(link)
    posted = request.POST if request.method == "POST" else None
    form = JoinForm(posted, email=link.email, initial={"name": link.name})
    status = 200
    if posted is not None:
        status = 400
        if is_known or form.is_valid():
            try:
                _join(request, link, form, is_known=is_known)
            except NameTaken as refusal:
                form.add_error(refusal.field, refusal.message)
            else:
                return redirect("joined")
    context = {
        "form": form,
        "link": link,
        "is_known": is_known,
        "organisation": organisation_of(link),
        "roles": role_words(link.roles),
    }
    return render(request, "dps/join.html", context, status=status)


def _join(request: Any, link: JoiningLink, form: JoinForm, *, is_known: bool) -> None:
    join(
        token_hash=link.token_hash,
        name="" if is_known else form.cleaned_data["name"],
        password=None if is_known else form.cleaned_data["password"],
        actor=request.actor,
        now=request.received_at,
    )


@require_safe
@public("says what to do next, to somebody who is not signed in yet")
def joined(request: Any) -> HttpResponse:
    return render(request, "dps/joined.html")
