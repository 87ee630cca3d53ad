"""What a browser remembers of an emailed link, so that no address carries the token further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

HOLDS_FOR = 2 * 60 * 60
"""Seconds that a browser remembers a link."""


@dataclass(frozen=True, slots=True)
class LinkCookie:
    """A signed cookie of one kind of link."""

    kind: str

    @property
    def name(self) -> str:
        return f"__Host-{self.kind}" if settings.SECURE else self.kind

    @property
    def salt(self) -> str:
        return f"dps.link.{self.kind}"

    def remember(self, response: HttpResponse, held: dict[str, Any]) -> None:
        response.set_cookie(
            self.name,
            signing.dumps(held, salt=self.salt),
            max_age=HOLDS_FOR,
            httponly=True,
            secure=settings.SECURE,
            samesite="Lax",
        )

    def held(self, request: Any) -> dict[str, Any] | None:
        """What this browser was given; None where it is missing, altered or old."""
        try:
            text = request.COOKIES.get(self.name, "")
            held = signing.loads(text, salt=self.salt, max_age=HOLDS_FOR)
        except signing.BadSignature:
            return None
        return held if isinstance(held, dict) and "hash" in held else None
