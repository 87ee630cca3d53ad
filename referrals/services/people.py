"""Whom an act is written down to: some acts are a person's, some a provider's."""

from __future__ import annotations

from uuid import UUID

from dps.actors import Actor
from dps.refusals import NotFound, NotPermitted


def person_of(actor: Actor) -> UUID:
    """:raises NotPermitted: nobody in person is acting."""
    if actor.person_id is None:
        raise NotPermitted
    return actor.person_id


def provider_of(actor: Actor) -> UUID:
    """:raises NotFound: the actor acts for no provider, and may know of none of its invitations."""
    if actor.provider_id is None:
        raise NotFound
    return actor.provider_id
