"""Whoever acts by name: grades and decisions are somebody's own."""

from __future__ import annotations

from uuid import UUID

from dps.actors import Actor
from dps.refusals import NotPermitted


def person_of(actor: Actor) -> UUID:
    """:raises NotPermitted: no person acts."""
    if actor.person_id is None:
        raise NotPermitted
    return actor.person_id


def provider_of(actor: Actor) -> UUID:
    """:raises NotPermitted: nobody acts for a provider."""
    if actor.provider_id is None:
        raise NotPermitted
    return actor.provider_id
