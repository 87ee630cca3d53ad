"""Every view says who may open it: `@requires(Action.X)`, `@public("why")` or `@sign_in("why")`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from dps import audit
from dps.actors import Actor
from dps.actors import public as public_actor
from dps.audit import Act
from dps.models import Person
from dps.permissions import Action, may
from dps.refusals import NotPermitted, Refusal
from dps.tenancy.identity import acting_as
from dps.views import errors, second_factor
from dps.views.who import address_of, choose_membership

logger = logging.getLogger(__name__)
# Neither a mistyped address nor a flood fills the trail.
UNRECORDED = (404, 429)
View = TypeVar("View", bound=Callable[..., HttpResponse])


class DpsRequest(HttpRequest):
    """A request after the decorators: who asks, and when it was received."""

    actor: Actor
    received_at: datetime


def requires(action: Action, *, fresh: bool = False) -> Callable[[View], View]:
    """Signed in, with a second factor, in a membership that may do `action`; `fresh` asks again."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if second_factor.is_missing(request):
                return redirect("mfa_activate_totp")
            actor = choose_membership(request)
            if actor is None:
                return errors.page(request, NotPermitted("Your account has no role here yet"))
            request.actor = actor
            if not may(actor, action):
                return _refuse(request, NotPermitted(), view)
            return perform(request, actor, view, args, kwargs)

        call: Any = reauthentication_required(guarded) if fresh else guarded
        call.action, call.why_public, call.is_fresh = action, None, fresh
        return call

    return decorate


def public(why: str) -> Callable[[View], View]:
    """Open to everybody, as the public actor: no account, no row that is not public."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            # Who is signed in is read while we are the login role, which alone may read sessions.
            request.is_signed_in = request.user.is_authenticated
            request.actor = public_actor(address_of(request))
            return perform(request, request.actor, view, args, kwargs)

        opened.action = None  # type: ignore[attr-defined]
        opened.why_public = why  # type: ignore[attr-defined]
        return opened  # type: ignore[return-value]

    return decorate


def perform(
    request: Any, actor: Actor, view: Callable[..., HttpResponse], args: Any, kwargs: Any
) -> HttpResponse:
    """Run a view, its template and its refusals inside one transaction as one actor."""
    try:
        with acting_as(actor):
            response: Any = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            if response.status_code >= 500:
                transaction.set_rollback(True)
            if response.streaming:
                # No row is read after the commit.
                response.streaming_content = iter([b"".join(response.streaming_content)])
            return response
    except Refusal as refusal:
        return _refuse(request, refusal, view)
    except (Http404, ObjectDoesNotExist):
        return errors.not_found(request)
    except IntegrityError:
        # A deferred constraint spoke at the commit: somebody else was first.
        logger.info("refused by a constraint", exc_info=True)
        return errors.page(request, Refusal("Somebody changed this at the same time. Look again."))


def _refuse(request: Any, refusal: Refusal, view: Callable[..., HttpResponse]) -> HttpResponse:
    """Show the refusal, and record the attempt in a transaction of its own."""
    if refusal.status not in UNRECORDED:
        try:
            with acting_as(request.actor):
                record_refusal(request, refusal, view.__name__)
        except DatabaseError:
            logger.exception("a refused attempt could not be recorded")
    return errors.page(request, refusal)


def record_refusal(request: Any, refusal: Refusal, what: str) -> None:
    """Write the event of a refused attempt, in the open transaction."""
    actor = request.actor
    subject = Person(pk=actor.person_id)
    facts = {"attempt": what, "refusal": type(refusal).__name__, "method": request.method}
    audit.record(Act("attempt.refused", subject, facts), actor=actor, at=request.received_at)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse(settings.LOGIN_URL)}?{query}")
    return redirect(settings.LOGIN_URL)
