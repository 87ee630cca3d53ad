"""The parent's pages: a link, a code from another channel, the comparison. No account.

Nothing is decided by GET or HEAD, and they write no row: mail scanners open links before people do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.actors import parent
from dps.actors import public as public_actor
from dps.models import Authority
from dps.refusals import NotPermitted, Refusal
from dps.tenancy.identity import acting_as
from dps.views.access import perform, public
from dps.views.limits import unknown_links_counted
from dps.views.link_cookie import LinkCookie
from dps.views.who import address_of
from referrals.forms.choice import AnswerForm, CodeForm
from referrals.models import ChoiceOffer
from referrals.presenters.choice import answer_words, cards_of, intro
from referrals.queries.choice import is_open, options_of, standing_choice
from referrals.services.choosing import WindowClosed, choose
from referrals.services.parent_links import (
    CodeAnswer,
    FoundLink,
    LinkEnded,
    enter_code,
    find_link,
    hash_of,
    request_code,
)

COOKIE = LinkCookie("choice")
View = Callable[..., HttpResponse]


class LinkFirst(NotPermitted):
    message = "Open the link in the email that we sent you. Pages are remembered for two hours"


class CodeFirst(NotPermitted):
    message = "Enter the code first. It came by text message, or from the council by phone"


def with_parent_link(why: str, *, after_code: bool = True) -> Callable[[View], View]:
    """Open to who holds a link and (unless `after_code` is False) the code; as the parent."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            # Another person's session in this browser is read while its role may still read it.
            request.is_signed_in = request.user.is_authenticated
            request.actor = public_actor(address_of(request))
            held = COOKIE.held(request)
            return perform(
                request, request.actor, _as_parent(view, held, after_code=after_code), args, kwargs
            )

        opened.action = None  # type: ignore[attr-defined]
        opened.why_public = why  # type: ignore[attr-defined]
        return opened

    return decorate


def _as_parent(view: View, held: dict[str, Any] | None, *, after_code: bool) -> View:
    """The view inside the parent's own identity, its template included."""

    @wraps(view)
    def inside(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if held is None:
            raise LinkFirst
        found = find_link(held["hash"], now=request.received_at)
        if after_code and not held.get("code"):
            raise CodeFirst
        request.authority = Authority.objects.get(id=found.authority_id)
        actor = parent(
            authority_id=found.authority_id,
            choice_id=found.offer_id,
            address=request.actor.address,
        )
        with acting_as(actor):
            request.actor = actor
            request.offer = _open_offer(found, request)
            response = view(request, *args, **kwargs)
        request.actor = public_actor(actor.address)
        return response

    return inside


def _open_offer(found: FoundLink, request: Any) -> ChoiceOffer:
    offer = ChoiceOffer.objects.get(id=found.offer_id)
    if not is_open(offer, now=request.received_at):
        raise LinkEnded
    return offer


@require_safe
@public("a parent follows the link of an email; the token is exchanged for a cookie")
def follow(request: Any, token: str) -> HttpResponse:
    """404 for what never was, 410 for what has ended; else on to an address without the token."""
    token_hash = hash_of(token)
    with unknown_links_counted(request):
        find_link(token_hash, now=request.received_at)
    response = redirect("referrals:choice_code")
    COOKIE.remember(response, {"hash": token_hash})
    # Elsewhere our own pages may be told; the address with the token is told to nobody.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@with_parent_link("the holder of a parent's link asks for and enters the code", after_code=False)
def enter(request: Any) -> HttpResponse:
    """Says only that a choice is waiting, and for whom by initials; takes the code."""
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            answer = enter_code(
                offer_id=request.offer.id,
                code=form.cleaned_data["code"],
                actor=request.actor,
                now=request.received_at,
            )
            if answer is CodeAnswer.RIGHT:
                response = redirect("referrals:choice")
                COOKIE.remember(response, {**(COOKIE.held(request) or {}), "code": True})
                return response
            if answer is CodeAnswer.NO_TRIES_LEFT:
                return _page(request, "no_tries_left", {}, 429)
            form.add_error("code", WRONG[answer])
    return _page(request, "code", {"form": form}, status)


WRONG = {
    CodeAnswer.WRONG: "This is not the code. Check it and enter it again",
    CodeAnswer.NO_CODE: "There is no code in force. A code works once, for 10 minutes. Ask for one",
}


@require_POST
@with_parent_link("the holder of a parent's link asks for a code by text", after_code=False)
def text_code(request: Any) -> HttpResponse:
    try:
        request_code(offer_id=request.offer.id, actor=request.actor, now=request.received_at)
    except WindowClosed:
        raise
    except Refusal as refusal:
        form = CodeForm()
        context = {"form": form, "problem": refusal.message}
        return _page(request, "code", context, refusal.status)
    return redirect(f"{request.path.removesuffix('text/')}?sent=1")


@require_http_methods(["GET", "HEAD", "POST"])
@with_parent_link("a parent with link and code compares the places and chooses")
def compare(request: Any) -> HttpResponse:
    """The places side by side, and the answer. Nothing is ticked beforehand."""
    options = options_of(request.offer.id)
    form = AnswerForm(options, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            choose(
                offer_id=request.offer.id,
                said=form.said(),
                actor=request.actor,
                now=request.received_at,
            )
            return redirect("referrals:choice_done")
    context = {
        "form": form,
        "cards": cards_of(options),
        "intro": intro(options, request.offer.child_initials),
        "said": answer_words(choice) if (choice := standing_choice(request.offer.id)) else "",
    }
    return _page(request, "compare", context, status)


@require_safe
@with_parent_link("a parent with link and code reads what we have recorded")
def done(request: Any) -> HttpResponse:
    choice = standing_choice(request.offer.id)
    if choice is None:
        return redirect("referrals:choice")
    return _page(request, "done", {"answer": answer_words(choice), "choice": choice}, 200)


def _page(request: Any, name: str, context: dict[str, Any], status: int) -> HttpResponse:
    template = f"referrals/choice/{name}.html"
    shared = {"offer": request.offer, "authority": request.authority}
    return render(request, template, {**shared, **context}, status=status)
