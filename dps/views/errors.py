"""Plain pages for every expected no."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from dps.refusals import NotFound, NotPermitted, NotUnderstood, Refusal

TEMPLATES = {status: f"{status}.html" for status in (400, 403, 404, 409, 410, 429)}


def page(request: Any, refusal: Refusal) -> HttpResponse:
    template = TEMPLATES.get(refusal.status, "409.html")
    return render(request, template, {"message": refusal.message}, status=refusal.status)


def not_found(request: Any, exception: object = None) -> HttpResponse:
    return page(request, NotFound("Page not found"))


def bad_request(request: Any, exception: object = None) -> HttpResponse:
    return page(request, NotUnderstood("We could not understand what was sent"))


def forbidden(request: Any, exception: object = None) -> HttpResponse:
    return page(request, NotPermitted())


def wrong_method(request: Any, allowed: str) -> HttpResponse:
    response = render(request, "405.html", status=405)
    response.headers["Allow"] = allowed
    return response


def csrf_failure(request: Any, reason: str = "") -> HttpResponse:
    words = "The page was open for too long. Go back, load it again and send it once more."
    return page(request, NotPermitted(words))


def server_error(request: Any) -> HttpResponse:
    # Without the request: what goes around other pages may be what failed.
    return HttpResponse(render_to_string("500.html"), status=500)
