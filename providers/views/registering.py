"""A provider's first person registers the organisation and themselves."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.refusals import Refusal, TooMany
from dps.views.access import public, record_refusal
from providers.forms.registering import RegisterForm
from providers.services.registering import NewProvider, register_provider


class TooManyRegistrations(TooMany):
    message = "Too many people have registered from your network. Wait a minute, then try again"


@require_http_methods(["GET", "HEAD", "POST"])
@public("an organisation that offers places registers here before it has an account")
def register(request: Any) -> HttpResponse:
    form = RegisterForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if not consume(request, action="signup"):
            raise TooManyRegistrations
        status = 400
        if form.is_valid():
            try:
                new = NewProvider(**form.cleaned_data)
                register_provider(new, actor=request.actor, now=request.received_at)
            except Refusal as refusal:
                form.add_error(refusal.field or None, refusal.message)
                record_refusal(request, refusal, "register_provider")
                status = refusal.status
            else:
                return redirect("providers:registered")
    return render(request, "providers/register.html", {"form": form}, status=status)


@require_safe
@public("says what to do next, to somebody who is not signed in yet")
def registered(request: Any) -> HttpResponse:
    return render(request, "providers/registered.html")
