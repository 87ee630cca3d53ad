"""What every answer has to say to the browser, whoever asked for whatever (security.md, G23)."""

from __future__ import annotations

from django.http import HttpResponse

REFERRER = {"same-origin", "no-referrer"}


def lacking(response: HttpResponse, *, is_private: bool) -> list[str]:
    """The protections that this answer lacks; a private one must not be kept by anybody."""
    policy = response.headers.get("Content-Security-Policy", "")
    has = {
        "a content security policy": bool(policy),
        "no unsafe-inline": "unsafe-inline" not in policy,
        "frame-ancestors 'none'": "frame-ancestors 'none'" in policy,
        "nosniff": response.headers.get("X-Content-Type-Options") == "nosniff",
        "Referrer-Policy": response.headers.get("Referrer-Policy") in REFERRER,
        "Cross-Origin-Opener-Policy": response.headers.get("Cross-Origin-Opener-Policy")
        == "same-origin",
        "no-store": not is_private or "no-store" in response.headers.get("Cache-Control", ""),
    }
    return [name for name, is_so in has.items() if not is_so]
