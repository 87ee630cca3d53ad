"""Staff and providers sign in with a second factor; the demo turns this off by one setting."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

VERIFIED = "second_factor_verified"


def password_is_fresh(request: Any) -> bool:
    """Whether the person entered the password within the time that a confirmation of it lasts."""
    entered = [record["at"] for record in _records(request) if record["method"] == "password"]
    return bool(entered) and time.time() - max(entered) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def is_missing(request: Any) -> bool:
    """Whether the person must first set up, or use, a second factor."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(VERIFIED):
        return False
    used = any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )
    # Whoever has a second factor was asked for it while signing in.
    if used or is_mfa_enabled(request.user):
        request.session[VERIFIED] = True
        return False
    return True


def _records(request: Any) -> list[dict[str, Any]]:
    """How the person has shown in this session who they are, and when."""
    return list(get_authentication_records(request, request.user))
