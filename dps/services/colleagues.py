"""Who looks after an organisation's people invites them, and ends their part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor, Kind, Role
from dps.audit import Act
from dps.models import Account, Authority, JoiningLink, Membership
from dps.outbox import owe
from dps.permissions import MANAGERS, Action, require
from dps.queries.people import own_people, roles_to_give, waiting_links
from dps.refusals import NotPermitted, NotUnderstood, Refusal
from dps.services.joining import SEND_JOINING_LINK
from dps.tenancy.identity import signing_in

MOST_WAITING = 20


class NotARoleHere(NotUnderstood):
    message = "Select one of the roles shown here"
    field = "roles"


class HereAlready(Refusal):
    message = "Somebody with this email address is one of your people already"
    field = "email"


class TooManyWaiting(Refusal):
    message = (
        f"{MOST_WAITING} people have been invited and have not joined yet. Cancel an invitation"
        " first"
    )


class LastAdministrator(Refusal):
    message = (
        "You are the only one who looks after people here. Invite somebody to do so before you"
        " remove yourself"
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to invite."""

    name: str
    email: str
    roles: tuple[Role, ...]


@transaction.atomic
def invite_colleague(colleague: Colleague, *, actor: Actor, now: datetime) -> JoiningLink:
    """
    Ask somebody to join the actor's organisation; a job emails them the link. An earlier link to
    the same address ends (G3).

    :raises NotPermitted: the actor does not look after people.
    :raises NotARoleHere: the organisation does not give such a role.
    :raises HereAlready: the address belongs to one of its people.
    :raises TooManyWaiting: twenty have been invited and have not joined.
    """
    require(actor, Action.MANAGE_PEOPLE)
    email = colleague.email.lower()
    if actor.person_id is None:
        raise NotPermitted
    if not colleague.roles or not set(colleague.roles) <= set(roles_to_give(actor)):
        raise NotARoleHere
    if _is_here(email, actor):
        raise HereAlready
    waiting = waiting_links(actor)
    waiting.filter(email=email).update(ended_at=now)
    if waiting.count() >= MOST_WAITING:
        raise TooManyWaiting

    link = JoiningLink.objects.create(
        name=colleague.name,
        email=email,
        authority_id=_authority_of(actor),
        provider_id=actor.provider_id,
        is_central=actor.kind is Kind.CENTRAL,
        roles=sorted(role.value for role in colleague.roles),
        invited_by_id=actor.person_id,
        invited_at=now,
    )
    audit.record(Act("person.invited", link, {"roles": link.roles}), actor=actor, at=now)
    key, own = f"joining-link:{link.id}", actor.chain_id
    owe(SEND_JOINING_LINK, key=key, authority_id=own, at=now, link_id=str(link.id))
    return link


@transaction.atomic
def cancel_invitation(*, link_id: UUID, actor: Actor, now: datetime) -> JoiningLink:
    """
    End a link before it is used.

    :raises NotPermitted: the actor does not look after people.
    :raises JoiningLink.DoesNotExist: no such link waits in the actor's organisation.
    """
    require(actor, Action.MANAGE_PEOPLE)
    link = waiting_links(actor).select_for_update().get(id=link_id)
    link.ended_at = now
    link.save(update_fields=["ended_at"])
    audit.record(Act("person.invitation_cancelled", link), actor=actor, at=now)
    return link


@transaction.atomic
def remove_colleague(*, membership_id: UUID, actor: Actor, now: datetime) -> Membership:
    """
    End somebody's part in the actor's organisation at once: they can do nothing in it any more.
    What they did stays on record.

    :raises NotPermitted: the actor does not look after people, or has just been removed.
    :raises Membership.DoesNotExist: they are not one of the organisation's people.
    :raises LastAdministrator: nobody would be left who looks after people.
    """
    require(actor, Action.MANAGE_PEOPLE)
    with signing_in():
        # All of them, so that two who remove each other leave one.
        people = list(own_people(actor).select_for_update().order_by("id"))
        if all(one.person_id != actor.person_id for one in people):
            raise NotPermitted
        leaving = next((one for one in people if one.id == membership_id), None)
        if leaving is None:
            raise Membership.DoesNotExist
        if not any(MANAGERS & set(one.roles) for one in people if one is not leaving):
            raise LastAdministrator
        leaving.is_active = False
        leaving.save(update_fields=["is_active"])
    facts = {"person_id": str(leaving.person_id), "roles": leaving.roles}
    audit.record(Act("person.removed", leaving, facts), actor=actor, at=now)
    return leaving


def _is_here(email: str, actor: Actor) -> bool:
    """Asked as the login role, which alone reads addresses."""
    with signing_in():
        person = Account.objects.filter(email__iexact=email).values_list("person_id", flat=True)
        return own_people(actor).filter(person_id__in=person).exists()


def _authority_of(actor: Actor) -> int | None:
    """The central team works at the lead authority."""
    if actor.kind is Kind.CENTRAL:
        return Authority.objects.get(is_lead=True).id
    return actor.authority_id
