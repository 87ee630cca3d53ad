"""A system check: production has a virus scanner."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, Tags, register

from dps.documents import scanner

WORDS = (
    "No virus scanner is configured: files are checked by a stand-in that knows a test file only."
    " Set CLAMAV_ADDRESS to tcp://host:port or unix:/path."
)


@register(Tags.security, deploy=True)
def check_scanner(**_about_the_run: Any) -> list[Error]:
    return [] if scanner.is_real() else [Error(WORDS, id="dps.documents.E001")]
