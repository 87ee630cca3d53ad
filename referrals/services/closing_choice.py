"""The end of a parent's choice: closed by date or officer, or ended by what happens (P1, P4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import show_instant
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.services.messages import Letter, send
from referrals.models import ChoiceOffer, ParentChoice, ParentLink, Referral
from referrals.queries.choice import answers_of, held_until, is_open, standing_choice
from referrals.services.choosing import locked_offer
from referrals.services.stages import locked, move
from referrals.states import ReferralState, ReferralStep

Wish = ParentChoice.Wish


class NothingChosen(Refusal):
    message = "The parent has not chosen an establishment yet, and the closing date has not passed"


class ParentMayContradict(Refusal):
    message = "The parent’s own answer was replaced. They have two working days to say otherwise"


@transaction.atomic
def close_choice(*, referral_id: UUID, actor: Actor, now: datetime) -> Referral:
    """
    Close the window: after the parent has chosen, or when its date has passed (P4).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the choice is not with the parent.
    :raises NothingChosen: the parent has not chosen, and has time left.
    :raises ParentMayContradict: an officer's record took the place of the parent's own answer
        less than two working days ago, and the window is open.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    offer = locked_offer(referral)
    if is_open(offer, now=now):
        _refuse_to_close_early(offer, now=now)
    close(referral, offer, actor=actor, now=now)
    return referral


def close_choice_windows(*, actor: Actor, now: datetime) -> int:
    """Close every window of the authority whose date has passed; how many. Safe to repeat."""
    due = ChoiceOffer.objects.filter(closed_at__isnull=True, closes_at__lte=now)
    referrals = list(due.order_by("closes_at").values_list("referral_id", flat=True))
    return sum(_close_if_due(referral_id, actor=actor, now=now) for referral_id in referrals)


def close_if_over(referral: Referral, *, actor: Actor, now: datetime) -> bool:
    """
    Close the window of a locked referral when its date has passed; whether it was closed.

    The deadline comes from the clock: whether the closing job has run makes no difference.
    """
    if referral.state != ReferralState.CHOOSING:
        return False
    offer = locked_offer(referral)
    if is_open(offer, now=now):
        return False
    close(referral, offer, actor=actor, now=now)
    return True


def close(referral: Referral, offer: ChoiceOffer, *, actor: Actor, now: datetime) -> None:
    """Close the window of a locked referral and offer; what was said last stands."""
    offer.closed_at = now
    offer.save(update_fields=["closed_at"])
    ParentLink.objects.filter(offer_id=offer.id, revoked_at__isnull=True).update(revoked_at=now)
    move(referral, ReferralStep.CLOSE_CHOICE)
    choice = standing_choice(offer.id)
    wish = choice.wish if choice else ""
    audit.record(Act("choice.closed", referral, {"wish": wish}), actor=actor, at=now)
    context = {"reference": referral.reference, "referral_id": str(referral.id), "wish": wish}
    send(
        Letter("referrals/choice_closed", offer.offered_by_id, context),
        key=f"choice-closed:{offer.id}",
        authority_id=offer.authority_id,
        now=now,
    )


def end_offer(referral: Referral, *, now: datetime) -> None:
    """Nothing is left to choose, or not what was offered: the parent's link ends."""
    offers = ChoiceOffer.objects.filter(referral_id=referral.id, closed_at__isnull=True)
    links = ParentLink.objects.filter(offer__in=offers, revoked_at__isnull=True)
    links.update(revoked_at=now)
    offers.update(closed_at=now)


@transaction.atomic
def _close_if_due(referral_id: UUID, *, actor: Actor, now: datetime) -> bool:
    return close_if_over(locked(referral_id), actor=actor, now=now)


def _refuse_to_close_early(offer: ChoiceOffer, *, now: datetime) -> None:
    answers = answers_of(offer.id)
    if not answers or answers[0].wish != Wish.OPTION:
        raise NothingChosen
    until = held_until(offer, answers)
    if until is not None and now <= until:
        raise ParentMayContradict(
            "The parent had given another answer by their link, and an officer’s record took its"
            f" place. They can contradict it until {show_instant(until)}, so the choice cannot be"
            " closed before then"
        )
