"""The people of an organisation, and those whom it has invited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from dps.actors import AUTHORITY_ROLES, CENTRAL_ROLES, PROVIDER_ROLES, Actor, Kind, Role
from dps.models import Account, JoiningLink, Membership
from dps.tenancy.identity import signing_in

ROLES_OF = {
    Kind.AUTHORITY: AUTHORITY_ROLES,
    Kind.CENTRAL: CENTRAL_ROLES,
    Kind.PROVIDER: PROVIDER_ROLES,
}
"""What an organisation of each kind may give its people."""


def roles_to_give(actor: Actor) -> list[Role]:
    """In the order in which they are written down."""
    return [role for role in Role if role in ROLES_OF.get(actor.kind, frozenset())]


def own_people(actor: Actor) -> QuerySet[Membership]:
    """Those who act for the actor's organisation now."""
    return Membership.objects.filter(_own(actor), is_active=True)


def addresses_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The email addresses with which these people sign in; the bare login role alone knows them."""
    wanted = list(person_ids)
    with signing_in():
        rows = Account.objects.filter(person_id__in=wanted)
        return dict(rows.values_list("person_id", "email"))


def waiting_links(actor: Actor) -> QuerySet[JoiningLink]:
    """Those whom the actor's organisation has invited and who have not joined, newest first."""
    links = JoiningLink.objects.filter(_own(actor), used_at__isnull=True, ended_at__isnull=True)
    return links.order_by("-invited_at", "-id")


def _own(actor: Actor) -> Q:
    if actor.kind is Kind.PROVIDER:
        return Q(provider_id=actor.provider_id)
    if actor.kind is Kind.CENTRAL:
        return Q(is_central=True)
    return Q(authority_id=actor.authority_id, is_central=False)


def organisation_names(provider_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Higher apps know the names of their organisations; the kernel knows the ids alone."""
    wanted = list(provider_ids)
    return {name: words for look_up in _name_givers() for name, words in look_up(wanted).items()}


def organisation_of(link: JoiningLink) -> str:
    """The name of the organisation that somebody is asked to join."""
    if link.provider_id is not None:
        return organisation_names([link.provider_id]).get(link.provider_id, "your organisation")
    name = link.authority.name if link.authority else "the council"
    return f"the contract team at {name}" if link.is_central else name


def _name_givers() -> Iterator[Callable[[list[UUID]], dict[UUID, str]]]:
    for config in apps.get_app_configs():
        if look_up := getattr(config, "organisation_names", None):
            yield look_up
