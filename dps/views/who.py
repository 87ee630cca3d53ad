"""In which capacity a signed-in person acts: one membership at a time, switchable."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError

from dps.actors import Actor
from dps.models import Membership
from dps.services.people import actor_for, memberships_of

SESSION_KEY = "membership_id"


def choose_membership(request: Any) -> Actor | None:
    """The actor of this request, from the membership in the session or the person's first."""
    person_id = request.user.person_id
    membership = _remembered(request, person_id)
    if membership is None:
        first = memberships_of(person_id)[:1]
        if not first:
            return None
        membership = first[0]
        request.session[SESSION_KEY] = str(membership.pk)
    request.membership = membership
    return actor_for(membership, person=membership.person, address=address_of(request))


def _remembered(request: Any, person_id: UUID) -> Membership | None:
    chosen = request.session.get(SESSION_KEY)
    if not chosen:
        return None
    try:
        mine = Membership.objects.filter(pk=chosen, person_id=person_id, is_active=True)
        return mine.select_related("authority", "person").first()
    except ValidationError:
        return None


def address_of(request: Any) -> str:
    """The network address of the caller, as the edge tells it."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and forwarded:
        return forwarded.split(",")[-settings.ALLAUTH_TRUSTED_PROXY_COUNT].strip()[:45]
    return request.META.get("REMOTE_ADDR", "")[:45]
