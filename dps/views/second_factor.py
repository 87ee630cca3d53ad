"""Staff and providers sign in with a second factor; the demo turns this off by one setting."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

VERIFIED = "second_factor_verified"


def is_missing(request: Any) -> bool:
    """Whether the person must first set up, or use, a second factor."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(VERIFIED):
        return False
    used = any(record["method"] == "mfa" for record in get_authentication_records(request))
    # Whoever has a second factor was asked for it while signing in.
    if used or is_mfa_enabled(request.user):
        request.session[VERIFIED] = True
        return False
    return True
