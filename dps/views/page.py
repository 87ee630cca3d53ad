"""What every page shows around its content: council, navigation, account and footer."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import reverse

from dps.actors import Actor, Kind
from dps.govuk.templatetags.govuk import FOOTER_WORDS
from dps.models import Authority
from dps.permissions import may

REGION_NAME = "South East placements"


def page(request: Any) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    authority = _authority_of(request)
    return {
        "product_name": settings.PRODUCT_NAME,
        "council_name": authority.name if authority else REGION_NAME,
        "brand_href": _brand_href(authority),
        "home_href": reverse("start") if _is_signed_in(actor) else reverse("welcome"),
        "navigation": _navigation(request, actor),
        "account_nav": _account_links(request, actor),
        "footer_links": _footer_links(),
        "demo_banner": settings.DEMO,
        "actor": actor,
    }


def _footer_links() -> list[dict[str, str]]:
    links = [
        {"text": text, "href": reverse("static_page", args=[name])}
        for name, text in FOOTER_WORDS.items()
    ]
    if settings.DEMO:
        links.append({"text": "Demonstration mailbox", "href": reverse("mailbox")})
    return links


def _is_signed_in(actor: Actor | None) -> bool:
    return actor is not None and actor.person_id is not None


def _authority_of(request: Any) -> Authority | None:
    membership = getattr(request, "membership", None)
    if membership is not None:
        return membership.authority
    return getattr(request, "authority", None)


def _brand_href(authority: Authority | None) -> str:
    if authority is None:
        return ""
    return f"{reverse('brand', args=[authority.code])}?{authority.brand_colour.strip('#')}"


def _navigation(request: Any, actor: Actor | None) -> list[dict[str, Any]]:
    """Each app says in its AppConfig which pages its roles start from; the kernel's come last."""
    if actor is None:
        return []
    items = []
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name == "dps"):
        for text, url_name, action in getattr(config, "navigation", ()):
            shown = actor.kind is Kind.PUBLIC if action is None else may(actor, action)
            if shown:
                href = reverse(url_name)
                active = request.path.startswith(href)
                items.append({"text": text, "href": href, "active": active})
    return items


def _account_links(request: Any, actor: Actor | None) -> list[dict[str, Any]]:
    if actor is None or not _is_signed_in(actor):
        if request.path.startswith("/account/"):
            return []
        if getattr(request, "is_signed_in", False):
            return [{"text": "Back to your start page", "href": reverse("start")}]
        return [{"text": "Sign in", "href": reverse("account_login")}]
    role = ", ".join(sorted(role.words for role in actor.roles))
    return [
        {"text": f"{actor.name} ({role})", "href": reverse("account")},
        {"text": "Sign out", "action": reverse("account_logout")},
    ]
