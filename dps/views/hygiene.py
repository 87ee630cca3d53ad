"""What no view should have to think of: the time of receipt, and bytes that are no text."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpResponse
from django.utils import timezone

from dps.edge import largest_body, length_in, received_at, too_large
from dps.refusals import NotUnderstood
from dps.views import errors

Next = Callable[[Any], HttpResponse]
DEEPEST_JSON = 32
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
PASSKEY = "credential"
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
logger = logging.getLogger(__name__)


class ReceivedAtMiddleware:
    """`request.received_at` is the edge's stamp; without an edge (tests, commands) the clock's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.received_at = received_at(request.META) or timezone.now()
        return self.get_response(request)


class HygieneMiddleware:
    """NUL, lone surrogates, over-deep or over-large bodies are answered with 400.

    A method that a page does not answer gets a page too, where Django sends nothing.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        # Before anything of it is read; the edge has said no already, where there is one.
        if _promised(request) > largest_body(request.path):
            return errors.page(request, NotUnderstood(too_large(request.path)))
        if _is_unclean(request):
            return errors.bad_request(request)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return errors.wrong_method(request, response.headers["Allow"])
        return response

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        """What stands in for a passkey's answer is read by a library that trusts its shape."""
        if PASSKEY in request.POST and isinstance(exception, UNREADABLE):
            logger.warning("a passkey's answer could not be read", exc_info=True)
            return errors.bad_request(request)
        return None


class NoStoreMiddleware:
    """Nothing that a person sees is kept by a browser or a proxy."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _promised(request: Any) -> int:
    return length_in(request.META.get("CONTENT_LENGTH") or "") or 0


def _is_unclean(request: Any) -> bool:
    if not (_is_text(request.path) and _is_text(request.META.get("QUERY_STRING", ""))):
        return True
    try:
        values = [v for parts in (request.GET, request.POST) for v in _pairs(parts)]
        body_is_json = request.content_type == "application/json"
        if body_is_json and not _is_shallow(request.body):
            return True
    except (RequestDataTooBig, TooManyFieldsSent, ValueError):
        return True  # a ValueError: letters that are none, or a length that is no number
    values += request.COOKIES.values()  # quoted, a cookie can hold any byte
    return not all(_is_text(value) for value in values)


def _pairs(parts: Any) -> list[str]:
    return [text for name, values in parts.lists() for text in (name, *values)]


def _is_text(value: str) -> bool:
    return NO_TEXT.search(value) is None


def _is_shallow(body: bytes) -> bool:
    if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return False
    try:
        return _depth(json.loads(body or b"null")) <= DEEPEST_JSON
    except RecursionError:
        return False
    except ValueError:
        return True  # no JSON at all: the parser says so at its own place


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(part) for part in (*value.values(), *value.keys())), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0 if not isinstance(value, str) or _is_text(value) else DEEPEST_JSON + 1
