"""Withdrawing a referral before it is awarded (R12)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import NotUnderstood
from referrals.jobs import TELL_WITHDRAWN
from referrals.models import Referral
from referrals.services.closing_choice import end_offer
from referrals.services.stages import locked, move
from referrals.states import ReferralStep


class ReasonMissing(NotUnderstood):
    message = "Enter why the referral is withdrawn"


@transaction.atomic
def withdraw_referral(*, referral_id: UUID, reason: str, actor: Actor, now: datetime) -> Referral:
    """Withdraw it with a reason; all invited are told, and sealed bids stay sealed for good.

    :raises NotPermitted: the actor may not withdraw referrals.
    :raises IllegalTransition: it is awarded or withdrawn already.
    :raises ReasonMissing: no reason is given.
    """
    require(actor, Action.WITHDRAW_REFERRAL)
    referral = locked(referral_id)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    before = referral.state
    referral.withdrawn_at, referral.withdrawal_reason = now, reason.strip()
    move(referral, ReferralStep.WITHDRAW, "withdrawn_at", "withdrawal_reason")
    end_offer(referral, now=now)
    facts = {"before": before, "reason": referral.withdrawal_reason}
    audit.record(Act("referral.withdrawn", referral, facts), actor=actor, at=now)
    if referral.issued_at is not None:
        owe(
            TELL_WITHDRAWN,
            key=f"tell-withdrawn:{referral.pk}",
            authority_id=referral.authority_id,
            at=now,
            referral_id=str(referral.pk),
        )
    return referral
