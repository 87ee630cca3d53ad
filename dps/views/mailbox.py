"""The demo's mailbox: every message that the service has sent, shown instead of delivered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dps.services.mailbox import demo_message, demo_messages
from dps.views.access import public


@require_safe
@public("the demo shows its mail to whoever tries it; there is no such page elsewhere")
def mailbox(request: Any) -> HttpResponse:
    _refuse_outside_demo()
    search = request.GET.get("to", "").strip()[:80]
    context = {"messages_sent": demo_messages(search), "search": search}
    return render(request, "dps/mailbox.html", context)


@require_safe
@public("one message of the demo's mailbox")
def message(request: Any, authority_id: int, message_id: UUID) -> HttpResponse:
    _refuse_outside_demo()
    found = demo_message(authority_id, message_id)
    if found is None:
        raise Http404
    return render(request, "dps/message.html", {"sent": found, "words": _with_links(found.body)})


def _with_links(body: str) -> SafeString:
    """The words, escaped, with the addresses in them as links."""
    linked = urlize(body, autoescape=True)
    return mark_safe(linked.replace("<a href", '<a class="govuk-link" href'))  # noqa: S308


def _refuse_outside_demo() -> None:
    if not settings.DEMO:
        raise Http404
