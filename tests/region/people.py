"""The demo's people as signed-in browsers."""

from __future__ import annotations

from uuid import UUID

from django.test import Client

from dps.actors import Role
from dps.models import Account, Authority, Membership
from dps.views.second_factor import VERIFIED
from tests.factories.kernel import make_person
from tests.region.cells import side
from tests.region.objects import Home


class People:
    """One signed-in browser of each role, for each authority and provider that is asked for."""

    def __init__(self, *, authority: Authority) -> None:
        self.usual = authority
        self._clients: dict[tuple[Role, Home], Client] = {}

    def of(self, role: Role, home: Home = None) -> Client:
        key = role, None if side(role) == "central" else home
        if key not in self._clients:
            self._clients[key] = client_of(self._membership(*key))
        return self._clients[key]

    def person(self, role: Role) -> UUID:
        """Who acts in this role where no object decides whose it is."""
        return self._membership(role, None).person_id

    def _membership(self, role: Role, home: Home) -> Membership:
        found = Membership.objects.filter(roles__contains=[role.value], is_active=True)
        match side(role):
            case "authority":
                found = found.filter(authority_id=home or self.usual.id, is_central=False)
            case "central":
                found = found.filter(is_central=True)
            case _ if home:
                found = found.filter(provider_id=home)
        first = found.order_by("id").first()
        return first or _join(role, str(home))


def _join(role: Role, provider_id: str) -> Membership:
    """Not every provider of the region has somebody of each role."""
    actor = make_person(role, provider_id=provider_id)
    return Membership.objects.get(person_id=actor.person_id)


def signed_in(role: Role, *, authority_id: int) -> Client:
    """Somebody with this role, past the second factor (the journeys go through it)."""
    return People(authority=Authority.objects.get(id=authority_id)).of(role)


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
