"""The parent's choice between nearly equal bids: offered, made, closed (P1-P4, BC 8.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import Gone, NotUnderstood, Refusal
from dps.services.messages import Letter, send
from referrals.jobs import CONFIRM_CHOICE, SEND_CHOICE_LINK
from referrals.models import (
    ChildIdentity,
    ChoiceOffer,
    ChoiceOption,
    ParentChoice,
    ParentLink,
    Referral,
)
from referrals.queries.choice import is_open, offer_of, options_of, standing_choice
from referrals.queries.evaluation import latest_evaluation
from referrals.services.child_details import initials, seal, seal_for_offer
from referrals.services.choice_options import add_options
from referrals.services.identity import read_details
from referrals.services.people import person_of
from referrals.services.ranking import refuse_if_stale
from referrals.services.stages import locked, move, refuse_unless_possible
from referrals.states import ReferralState, ReferralStep

Wish = ParentChoice.Wish


class NoNearTie(Refusal):
    message = "There is no near tie: no other bid is within 5 points of the first"


class NoChoiceHere(Refusal):
    message = "In this category the parent is not offered a choice"


class OfferedAlready(Refusal):
    message = "The parent has been offered the choice already"


class WindowTooShort(NotUnderstood):
    message = "The closing date must be in the future"
    field = "closes_on"


class ReasonMissing(NotUnderstood):
    message = "Say why the choice is not offered"
    field = "reason"


class WindowClosed(Gone):
    message = "The time to choose has ended"


class NotAnOption(NotUnderstood):
    message = "Select one of the answers"
    field = "wish"


class NothingChosen(Refusal):
    message = "The parent has not chosen an establishment yet, and the closing date has not passed"


@dataclass(frozen=True, slots=True)
class Said:
    """What a parent said: a wish, the option where it is one, and why, in their own words."""

    wish: str
    option_id: UUID | None = None
    reason: str = ""


@transaction.atomic
def offer_choice(
    *, referral_id: UUID, closes_at: datetime, actor: Actor, now: datetime
) -> ChoiceOffer:
    """
    Offer the parent the choice between the bids of the near tie; a job emails the link (P1).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the referral is not ranked.
    :raises NoChoiceHere: the category offers none.
    :raises NoNearTie: the ranking has none.
    :raises OfferedAlready: it was offered before.
    :raises WindowTooShort: the closing date is not in the future.
    :raises SuspendedSinceRanking: a ranked establishment has been suspended since.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    refuse_unless_possible(referral, ReferralStep.OFFER_CHOICE)
    near_tie = _near_tie_to_settle(referral)
    refuse_if_stale(referral, now=now)
    if closes_at <= now:
        raise WindowTooShort

    offer = _make_offer(referral, closes_at, actor=actor, now=now)
    add_options(offer, referral, near_tie)
    move(referral, ReferralStep.OFFER_CHOICE)
    facts = {"bids": sorted(map(str, near_tie)), "closes_at": closes_at.isoformat()}
    audit.record(Act("choice.offered", referral, facts), actor=actor, at=now)
    if offer.parent_email:
        key = f"choice-link:{offer.id}"
        own = referral.authority_id
        owe(SEND_CHOICE_LINK, key=key, authority_id=own, at=now, offer_id=str(offer.id))
    return offer


@transaction.atomic
def not_offer_choice(*, referral_id: UUID, reason: str, actor: Actor, now: datetime) -> Referral:
    """
    Record why a near tie is not put to the parent (P1).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the referral is not ranked.
    :raises NoChoiceHere: the category offers none.
    :raises NoNearTie: the ranking has none.
    :raises OfferedAlready: it was offered before.
    :raises ReasonMissing: no reason is given.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    refuse_unless_possible(referral, ReferralStep.OFFER_CHOICE)
    _near_tie_to_settle(referral)
    if not reason.strip():
        raise ReasonMissing

    referral.no_choice_reason = reason.strip()
    referral.save(update_fields=["no_choice_reason"])
    audit.record(Act("choice.not_offered", referral), actor=actor, at=now)
    return referral


@transaction.atomic
def choose(*, offer_id: UUID, said: Said, actor: Actor, now: datetime) -> ParentChoice:
    """
    What the parent says, by the link and the code; it may be changed until the window closes (P2).

    :raises NotPermitted: the actor is no parent.
    :raises ChoiceOffer.DoesNotExist: the link is for another offer.
    :raises WindowClosed: the time has ended.
    :raises NotAnOption: the wish or the establishment is not one that was offered.
    """
    require(actor, Action.MAKE_CHOICE)
    offer = locked_by_parent(offer_id)
    refuse_if_closed(offer, now=now)
    choice = _say(offer, said, recorded_by_id=None, now=now)

    facts = {"wish": choice.wish, "option": str(choice.option_id or "")}
    audit.record(Act("choice.made", offer, facts), actor=actor, at=now)
    _tell_of(choice, offer, now=now)
    return choice


@transaction.atomic
def record_choice_by_officer(
    *, referral_id: UUID, said: Said, actor: Actor, now: datetime
) -> ParentChoice:
    """
    Record what the parent said by phone or in person (P4).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the choice is not with the parent.
    :raises WindowClosed: the time has ended.
    :raises NotAnOption: the wish or the establishment is not one that was offered.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    offer = locked_offer(referral)
    refuse_if_closed(offer, now=now)
    choice = _say(offer, said, recorded_by_id=actor.person_id, now=now)

    facts = {"wish": choice.wish, "option": str(choice.option_id or "")}
    audit.record(Act("choice.recorded", offer, facts), actor=actor, at=now)
    if offer.parent_email:
        _owe_confirmation(choice, offer, now=now)
    return choice


@transaction.atomic
def close_choice(*, referral_id: UUID, actor: Actor, now: datetime) -> Referral:
    """
    Close the window: after the parent has chosen, or when its date has passed (P4).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the choice is not with the parent.
    :raises NothingChosen: the parent has not chosen, and has time left.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    offer = locked_offer(referral)
    choice = standing_choice(offer.id)
    has_chosen = choice is not None and choice.wish == Wish.OPTION
    if is_open(offer, now=now) and not has_chosen:
        raise NothingChosen
    close(referral, offer, actor=actor, now=now)
    return referral


def close_choice_windows(*, actor: Actor, now: datetime) -> int:
    """Close every window of the authority whose date has passed; how many. Safe to repeat."""
    due = ChoiceOffer.objects.filter(closed_at__isnull=True, closes_at__lte=now)
    referrals = list(due.order_by("closes_at").values_list("referral_id", flat=True))
    return sum(_close_if_due(referral_id, actor=actor, now=now) for referral_id in referrals)


@transaction.atomic
def _close_if_due(referral_id: UUID, *, actor: Actor, now: datetime) -> bool:
    referral = locked(referral_id)
    if referral.state != ReferralState.CHOOSING:
        return False
    close(referral, locked_offer(referral), actor=actor, now=now)
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
    """A withdrawn referral leaves the parent nothing to choose: the link ends."""
    offers = ChoiceOffer.objects.filter(referral_id=referral.id, closed_at__isnull=True)
    links = ParentLink.objects.filter(offer__in=offers, revoked_at__isnull=True)
    links.update(revoked_at=now)
    offers.update(closed_at=now)


def locked_offer(referral: Referral) -> ChoiceOffer:
    """:raises IllegalTransition: the choice is not with the parent."""
    refuse_unless_possible(referral, ReferralStep.CLOSE_CHOICE)
    return ChoiceOffer.objects.select_for_update().get(referral_id=referral.id)


def locked_by_parent(offer_id: UUID) -> ChoiceOffer:
    """The parent's own offer, locked through the database's function: parents change no offer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock_choice_offer(%s)", [offer_id])
    return ChoiceOffer.objects.get(id=offer_id)


def refuse_if_closed(offer: ChoiceOffer, *, now: datetime) -> None:
    """:raises WindowClosed: the window has closed, by the clock or by the officer."""
    if not is_open(offer, now=now):
        raise WindowClosed


def _near_tie_to_settle(referral: Referral) -> list[UUID]:
    if not referral.category.offers_choice:
        raise NoChoiceHere
    evaluation = latest_evaluation(referral.id)
    if evaluation is None or not evaluation.near_tie:
        raise NoNearTie
    if offer_of(referral.id) is not None:
        raise OfferedAlready
    return list(evaluation.near_tie)


def _make_offer(
    referral: Referral, closes_at: datetime, *, actor: Actor, now: datetime
) -> ChoiceOffer:
    identity = ChildIdentity.objects.get(referral_id=referral.id)
    family = read_details(identity)
    offer = ChoiceOffer(
        authority_id=referral.authority_id,
        referral_id=referral.id,
        reference=referral.reference,
        offered_at=now,
        offered_by_id=person_of(actor),
        closes_at=closes_at,
        key_id=identity.key_id,
        child_initials=initials(family.child_name)[:8],
        parent_initials=initials(family.parent_name)[:8],
        category_name=referral.category.name,
    )
    offer.parent_email = seal_for_offer(offer, "parent_email", family.parent_email)
    offer.parent_phone = seal_for_offer(offer, "parent_phone", family.parent_phone)
    offer.save()
    facts = {"why": "to offer the parent the choice"}
    audit.record(Act("child.family_read", referral, facts), actor=actor, at=now)
    return offer


def _say(
    offer: ChoiceOffer, said: Said, *, recorded_by_id: UUID | None, now: datetime
) -> ParentChoice:
    _refuse_unknown(offer, said)
    choice = ParentChoice(
        authority_id=offer.authority_id,
        offer_id=offer.id,
        wish=said.wish,
        option_id=said.option_id,
        chosen_at=now,
        recorded_by_id=recorded_by_id,
    )
    choice.reason = seal(offer, "parentchoice", "reason", str(choice.id), said.reason.strip())
    choice.save(force_insert=True)
    return choice


def _refuse_unknown(offer: ChoiceOffer, said: Said) -> None:
    names_one = said.option_id is not None
    if said.wish not in Wish.values or names_one != (said.wish == Wish.OPTION):
        raise NotAnOption
    if names_one and said.option_id not in _option_ids(offer):
        raise NotAnOption


def _option_ids(offer: ChoiceOffer) -> set[UUID]:
    options: list[ChoiceOption] = options_of(offer.id)
    return {option.id for option in options}


def _tell_of(choice: ParentChoice, offer: ChoiceOffer, *, now: datetime) -> None:
    context = {
        "reference": offer.reference,
        "wish": choice.wish,
        "referral_id": str(offer.referral_id),
    }
    send(
        Letter("referrals/parent_answered", offer.offered_by_id, context),
        key=f"parent-answered:{choice.id}",
        authority_id=offer.authority_id,
        now=now,
    )
    if offer.parent_email:
        _owe_confirmation(choice, offer, now=now)


def _owe_confirmation(choice: ParentChoice, offer: ChoiceOffer, *, now: datetime) -> None:
    key, own = f"choice-confirmed:{choice.id}", offer.authority_id
    owe(CONFIRM_CHOICE, key=key, authority_id=own, at=now, choice_id=str(choice.id))
