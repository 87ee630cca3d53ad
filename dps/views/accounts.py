"""How django-allauth meets our accounts: no open sign-up, encrypted secrets, audited sign-in."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from dps.crypto import Place, decrypt, encrypt
from dps.models import Person
from dps.services.people import actor_for, memberships_of, record_sign_in
from dps.views import second_factor
from dps.views.who import address_of

SECRET_PLACE = Place("authenticator", "secret", 0, "")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is not right. Try again.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes and try again.",
    }

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002
        """A provider's first person registers on our own page; everybody else is invited."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in sets up a second factor without the password again.

        Opening bids, awards and signatures ask for it always: they name no `app`.
        """
        if app == "allauth.mfa" and second_factor.password_is_fresh(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def post_login(self, request: Any, user: Any, **kwargs: Any) -> Any:
        memberships = memberships_of(user.person_id)
        if memberships:
            person = Person.objects.get(pk=user.person_id)
            actor = actor_for(memberships[0], person=person, address=address_of(request))
            record_sign_in(actor=actor, now=request.received_at, membership=memberships[0])
        return super().post_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links are built from our own address, never from the request's Host header."""
        for name in ("password_reset_url", "activate_url"):
            if name in context:
                path = "/" + context[name].split("://", 1)[-1].partition("/")[2]
                context[name] = settings.PUBLIC_ADDRESS.rstrip("/") + path
        super().send_mail(template_prefix, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors stand encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(_key(), text, SECRET_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(_key(), base64.b64decode(encrypted_text), SECRET_PLACE)


def _key() -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor secrets")
    return kdf.derive(settings.SECRET_KEY.encode())
