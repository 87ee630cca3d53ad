"""Whoever qualifies, or is reinstated, while a referral is open is invited too (R5, BC 4.5)."""

from __future__ import annotations

from datetime import datetime

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.outbox import owe
from dps.outbox.jobs import job
from qualification.models import Suspension
from qualification.queries.caps import above_own_cap
from qualification.queries.qualified import QualifiedEstablishment, qualified_in
from qualification.services.suspending import when_reinstated
from referrals.jobs import INVITE_ESTABLISHMENT, TELL_INVITED_LATER
from referrals.limits import Limit
from referrals.models import Consideration, Invitation, Referral
from referrals.queries.reach import Reached, consider
from referrals.services.identity import home_of_open_referral
from referrals.services.issuing import INVITED, hold_the_list, invite
from referrals.states import ReferralState


@job(INVITE_ESTABLISHMENT)
def invite_newly_qualified(*, establishment_id: str, actor: Actor, now: datetime) -> None:
    """Invite one establishment to every open referral of one authority that it is eligible for."""
    hold_the_list(exclusively=True)
    listed: dict[object, QualifiedEstablishment | None] = {}
    for referral in _open_referrals(now):
        if referral.category_id not in listed:
            found = qualified_in(referral.category_id)
            mine = [one for one in found if str(one.establishment_id) == establishment_id]
            listed[referral.category_id] = mine[0] if mine else None
        one = listed[referral.category_id]
        if one is not None:
            _invite_to(referral, one, actor=actor, now=now)


@when_reinstated
def invite_the_reinstated(*, suspension: Suspension, actor: Actor, now: datetime) -> None:
    """Whoever may be invited again is, to what is still open."""
    place = str(suspension.establishment_id)
    invite_newly_qualified(establishment_id=place, actor=actor, now=now)


def _open_referrals(now: datetime) -> list[Referral]:
    rows = Referral.objects.filter(state=ReferralState.OPEN, bids_close_at__gt=now)
    return list(rows.select_for_update(no_key=True).order_by("id"))


def _invite_to(
    referral: Referral, one: QualifiedEstablishment, *, actor: Actor, now: datetime
) -> None:
    invitations = Invitation.objects.filter(referral_id=referral.pk)
    if invitations.filter(establishment_id=one.establishment_id).exists():
        return
    home = home_of_open_referral(referral)
    if home is None:
        return
    limit = Limit(referral.limit_miles, frozenset(referral.limit_areas))
    above = above_own_cap(referral.category_id, london(now).date())
    reached = consider(one, limit=limit, home=home, above=above.get(one.establishment_id))
    _keep(referral, reached)
    if reached.is_invited:
        _invite(referral, reached, actor=actor, now=now)


def _invite(referral: Referral, reached: Reached, *, actor: Actor, now: datetime) -> None:
    invitation = invite(referral, [reached], now=now)[0]
    facts = {
        "referral": str(referral.pk),
        "establishment": str(reached.establishment.establishment_id),
    }
    audit.record(Act("invitation.added", invitation, facts), actor=actor, at=now)
    owe(
        TELL_INVITED_LATER,
        key=f"tell-invited:{invitation.pk}",
        authority_id=referral.authority_id,
        at=now,
        invitation_id=str(invitation.pk),
    )


def _keep(referral: Referral, reached: Reached) -> None:
    """The record of who was considered says what holds now."""
    Consideration.objects.update_or_create(
        authority_id=referral.authority_id,
        referral=referral,
        establishment_id=reached.establishment.establishment_id,
        defaults={
            "is_invited": reached.is_invited,
            "reason": reached.reason or INVITED,
            "words": reached.words[:200],
            "distance": reached.distance,
        },
    )
