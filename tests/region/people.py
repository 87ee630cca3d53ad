"""The demo's people as signed-in browsers."""

from __future__ import annotations

from django.test import Client

from dps.actors import Role
from dps.models import Account, Membership
from dps.views.second_factor import VERIFIED
from tests.region.cells import side


def signed_in(role: Role, *, authority_id: int, provider_id: str | None = None) -> Client:
    """Somebody with this role, past the second factor (the journeys go through it)."""
    found = Membership.objects.filter(roles__contains=[role.value], is_active=True)
    kind = side(role)
    if kind == "authority":
        found = found.filter(authority_id=authority_id, is_central=False)
    elif kind == "central":
        found = found.filter(is_central=True)
    elif provider_id:
        found = found.filter(provider_id=provider_id)
    return client_of(found.order_by("id")[0])


def client_of(membership: Membership) -> Client:
    client = Client(raise_request_exception=False)
    account = Account.objects.get(person_id=membership.person_id)
    client.force_login(account)
    session = client.session
    session[VERIFIED] = True
    # A confirmation of the password that lasts as long as the test.
    session["account_authentication_methods"] = [
        {"method": "password", "at": 4_102_444_800.0, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return client
