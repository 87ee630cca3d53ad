"""Joining an organisation by a link: hashed, once, for seven days."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from dps import audit
from dps.actors import Actor, Role
from dps.audit import Act
from dps.models import Account, JoiningLink, Membership, Message, Person
from dps.outbox.jobs import job
from dps.permissions import Action, require
from dps.queries.people import organisation_of
from dps.refusals import Gone, NotFound, NotUnderstood
from dps.services.people import actor_for
from dps.services.secrets import Secret, send_secret
from dps.tenancy.identity import acting_as, signing_in

SEND_JOINING_LINK = "dps.send_joining_link"
TOKEN_BYTES = 32
LASTS = timedelta(days=7)


class UnknownLink(NotFound):
    message = "Page not found"


class LinkEnded(Gone):
    message = "It has been used already, its 7 days are over, or it has been cancelled."


class PasswordMissing(NotUnderstood):
    message = "Enter a password"
    field = "password"


class NameTaken(NotUnderstood):
    message = "Somebody in this organisation has the same name. Add a middle name or an initial"
    field = "name"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@job(SEND_JOINING_LINK)
def send_joining_link(*, link_id: str, actor: Actor, now: datetime) -> None:
    """Make the token, keep its hash, and email the link; a second run finds it sent."""
    links = JoiningLink.objects.select_related("authority", "invited_by")
    link = links.select_for_update(of=("self",)).get(id=link_id)
    if link.token_hash or link.ended_at is not None:
        return
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link.token_hash, link.expires_at = hash_of(token), now + LASTS
    link.save(update_fields=["token_hash", "expires_at"])
    address = settings.PUBLIC_ADDRESS.rstrip("/")
    context = {
        "name": link.name,
        "inviter": link.invited_by.name,
        "organisation": organisation_of(link),
        "product": settings.PRODUCT_NAME,
        "link": f"{address}{reverse('joining_link', args=[token])}",
    }
    subject, _, body = (
        render_to_string("dps/messages/joining_link.txt", context).strip().partition("\n")
    )
    letter = Secret(Message.Channel.EMAIL, link.email, subject.strip()[:200], body.strip() + "\n")
    key = f"joining-link:{link.id}"
    send_secret(letter, key=key, template="dps/joining_link", authority_id=actor.chain_id, now=now)
    audit.record(Act("person.invitation_sent", link), actor=actor, at=now)


def find_link(token_hash: str, *, now: datetime) -> JoiningLink:
    """
    The link of somebody who has no account yet: found by the login role, by its hash alone.

    :raises UnknownLink: there is no such link.
    :raises LinkEnded: it was used, cancelled or replaced, or its seven days are over.
    """
    with signing_in():
        links = JoiningLink.objects.select_related("authority", "invited_by")
        return _in_force(links.filter(token_hash=token_hash).first(), now=now)


def has_account(link: JoiningLink) -> bool:
    """Whether the address signs in already, for another organisation or an earlier part."""
    with signing_in():
        return Account.objects.filter(email__iexact=link.email).exists()


@transaction.atomic
def join(
    *, token_hash: str, name: str, password: str | None, actor: Actor, now: datetime
) -> Membership:
    """
    Join, once: with a new account and this password, or with the account that the address has,
    whose name and password stay as they are (G3).

    :raises NotPermitted: somebody signed in joins nothing by a link.
    :raises UnknownLink: there is no such link.
    :raises LinkEnded: it was used, cancelled or replaced, or its seven days are over.
    :raises PasswordMissing: the address has no account, and no password was given.
    :raises NameTaken: a colleague has this very name, under which the record would confuse them.
    """
    require(actor, Action.JOIN)
    with signing_in():
        links = JoiningLink.objects.select_for_update()
        link = _in_force(links.filter(token_hash=token_hash).first(), now=now)
        person = _person_of(link, name, password)
        membership = _member(link, person)
        link.used_at = now
        link.save(update_fields=["used_at"])
    # Whoever has joined writes so into the trail of the organisation.
    joined = actor_for(membership, person=person, address=actor.address)
    with acting_as(joined):
        facts = {"roles": membership.roles, "link": str(link.id)}
        audit.record(Act("person.joined", membership, facts), actor=joined, at=now)
    return membership


def _in_force(link: JoiningLink | None, *, now: datetime) -> JoiningLink:
    if link is None or not link.token_hash or link.expires_at is None:
        raise UnknownLink
    if link.used_at is not None or link.ended_at is not None or link.expires_at <= now:
        raise LinkEnded
    return link


def _person_of(link: JoiningLink, name: str, password: str | None) -> Person:
    account = Account.objects.select_related("person").filter(email__iexact=link.email).first()
    if account is not None:
        return account.person
    if not password:
        raise PasswordMissing
    if _same(name) in map(_same, _names_of_colleagues(link)):
        raise NameTaken
    person = Person.objects.create(name=name)
    Account.objects.create_user(link.email, password, person=person)
    return person


def _names_of_colleagues(link: JoiningLink) -> list[str]:
    place: dict[str, Any] = {
        "authority_id": link.authority_id,
        "provider_id": link.provider_id,
        "is_central": link.is_central,
    }
    people = Membership.objects.filter(**place, is_active=True)
    return list(people.values_list("person__name", flat=True))


def _same(name: str) -> str:
    """Two names that a reader takes for one, whatever their capitals, spaces and letter forms."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _member(link: JoiningLink, person: Person) -> Membership:
    """A new part in the organisation; an earlier one that had ended begins anew."""
    membership, _ = Membership.objects.get_or_create(
        person=person,
        authority_id=link.authority_id,
        provider_id=link.provider_id,
        is_central=link.is_central,
        defaults={"roles": link.roles},
    )
    kept = membership.roles if membership.is_active else []
    membership.roles = sorted({Role(role).value for role in (*kept, *link.roles)})
    membership.is_active = True
    membership.save(update_fields=["roles", "is_active"])
    return membership
