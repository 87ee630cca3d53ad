"""Messages to everybody invited. Each is written once, however often its job runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from dps.actors import Actor
from dps.clock import show_instant
from dps.outbox.jobs import job
from dps.services.messages import ProviderLetter, send_to_provider
from referrals.jobs import TELL_INVITED, TELL_INVITED_LATER, TELL_WITHDRAWN
from referrals.models import Invitation, Referral


@job(TELL_INVITED)
def tell_invited(*, referral_id: str, actor: Actor, now: datetime) -> None:
    """One message to each person of each provider, naming its establishments that are invited."""
    for provider_id, invitations in _by_provider(referral_id).items():
        context = _about(invitations)
        letter = ProviderLetter("referrals/invited", provider_id, context)
        key = f"invited:{referral_id}:{provider_id}"
        send_to_provider(letter, key=key, authority_id=_authority(actor), now=now)


@job(TELL_INVITED_LATER)
def tell_invited_later(*, invitation_id: str, actor: Actor, now: datetime) -> None:
    """The same for one establishment that qualified while the referral was open (R5)."""
    invitation = _invitations().get(pk=invitation_id)
    letter = ProviderLetter("referrals/invited", invitation.provider_id, _about([invitation]))
    key = f"invited-later:{invitation_id}"
    send_to_provider(letter, key=key, authority_id=_authority(actor), now=now)


@job(TELL_WITHDRAWN)
def tell_withdrawn(*, referral_id: str, actor: Actor, now: datetime) -> None:
    """Everybody invited hears that it is withdrawn, and why (R12)."""
    referral = Referral.objects.get(pk=referral_id)
    for provider_id, invitations in _by_provider(referral_id).items():
        context = _about(invitations) | {"reason": referral.withdrawal_reason}
        letter = ProviderLetter("referrals/withdrawn", provider_id, context)
        key = f"withdrawn:{referral_id}:{provider_id}"
        send_to_provider(letter, key=key, authority_id=_authority(actor), now=now)


def _by_provider(referral_id: str) -> dict[UUID, list[Invitation]]:
    found: dict[UUID, list[Invitation]] = {}
    for invitation in _invitations().filter(referral_id=referral_id).order_by("provider_id", "id"):
        found.setdefault(invitation.provider_id, []).append(invitation)
    return found


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("authority", "category", "establishment")


def _about(invitations: Iterable[Invitation]) -> dict[str, object]:
    listed = list(invitations)
    first = listed[0]
    return {
        "reference": first.reference,
        "council": first.authority.name,
        "category": first.category.name,
        "closes": show_instant(first.bids_close_at),
        "invited": [
            {"establishment": one.establishment.name, "path": f"/invitations/{one.pk}/"}
            for one in listed
        ],
    }


def _authority(actor: Actor) -> int:
    return actor.chain_id
