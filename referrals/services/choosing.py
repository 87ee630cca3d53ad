"""The parent's choice between nearly equal bids: offered, made, recorded (P1-P4, BC 8.8)."""

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
    Evaluation,
    ParentChoice,
    Referral,
)
from referrals.queries.choice import (
    counts_for,
    is_open,
    offer_of,
    options_of,
    standing_choice,
)
from referrals.queries.evaluation import latest_evaluation
from referrals.services.child_details import initials, seal, seal_for_offer
from referrals.services.choice_options import add_options
from referrals.services.identity import read_details
from referrals.services.people import person_of
from referrals.services.ranking import refuse_if_stale
from referrals.services.stages import locked, move, refuse_unless_possible
from referrals.states import ReferralStep

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
    :raises OfferedAlready: it was offered in this ranking.
    :raises WindowTooShort: the closing date is not in the future.
    :raises SuspendedSinceRanking: a ranked establishment has been suspended since.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    refuse_unless_possible(referral, ReferralStep.OFFER_CHOICE)
    evaluation = _near_tie_to_settle(referral)
    refuse_if_stale(referral, now=now)
    if closes_at <= now:
        raise WindowTooShort

    offer = _make_offer(referral, evaluation, closes_at, actor=actor, now=now)
    add_options(offer, referral, evaluation.near_tie)
    move(referral, ReferralStep.OFFER_CHOICE)
    facts = {
        "bids": sorted(map(str, evaluation.near_tie)),
        "closes_at": closes_at.isoformat(),
        "evaluation": evaluation.number,
    }
    audit.record(Act("choice.offered", referral, facts), actor=actor, at=now)
    if offer.parent_email:
        key = f"choice-link:{offer.id}"
        own = referral.authority_id
        owe(SEND_CHOICE_LINK, key=key, authority_id=own, at=now, offer_id=str(offer.id))
    return offer


@transaction.atomic
def not_offer_choice(*, referral_id: UUID, reason: str, actor: Actor, now: datetime) -> Referral:
    """
    Record why this near tie is not put to the parent; a later ranking asks anew (P1).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the referral is not ranked.
    :raises NoChoiceHere: the category offers none.
    :raises NoNearTie: the ranking has none.
    :raises OfferedAlready: it was offered in this ranking.
    :raises ReasonMissing: no reason is given.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    refuse_unless_possible(referral, ReferralStep.OFFER_CHOICE)
    evaluation = _near_tie_to_settle(referral)
    if not reason.strip():
        raise ReasonMissing

    referral.no_choice_reason = reason.strip()
    referral.no_choice_evaluation = evaluation.number
    referral.save(update_fields=["no_choice_reason", "no_choice_evaluation"])
    # A reason for a later ranking takes its place, so the record keeps the words.
    facts = {"evaluation": evaluation.number, "reason": referral.no_choice_reason}
    audit.record(Act("choice.not_offered", referral, facts), actor=actor, at=now)
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
    Record what the parent said by phone or in person; the parent is told which answer, and by
    whom it was recorded (P4).

    :raises NotPermitted: the actor is no commissioner.
    :raises IllegalTransition: the choice is not with the parent.
    :raises WindowClosed: the time has ended.
    :raises NotAnOption: the wish or the establishment is not one that was offered.
    """
    require(actor, Action.OFFER_CHOICE)
    referral = locked(referral_id)
    offer = locked_offer(referral)
    refuse_if_closed(offer, now=now)
    before = standing_choice(offer.id)
    choice = _say(offer, said, recorded_by_id=actor.person_id, now=now)

    facts = {
        "wish": choice.wish,
        "option": str(choice.option_id or ""),
        "replaces": str(before.id) if before else "",
    }
    audit.record(Act("choice.recorded", offer, facts), actor=actor, at=now)
    _tell_of_record(choice, offer, now=now)
    return choice


def locked_offer(referral: Referral) -> ChoiceOffer:
    """:raises IllegalTransition: the choice is not with the parent."""
    refuse_unless_possible(referral, ReferralStep.CLOSE_CHOICE)
    # Of an earlier ranking's offers none is open.
    offers = ChoiceOffer.objects.select_for_update().filter(closed_at__isnull=True)
    return offers.get(referral_id=referral.id)


def locked_by_parent(offer_id: UUID) -> ChoiceOffer:
    """The parent's own offer, locked through the database's function: parents change no offer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock_choice_offer(%s)", [offer_id])
    return ChoiceOffer.objects.get(id=offer_id)


def refuse_if_closed(offer: ChoiceOffer, *, now: datetime) -> None:
    """:raises WindowClosed: the window has closed, by the clock or by the officer."""
    if not is_open(offer, now=now):
        raise WindowClosed


def _near_tie_to_settle(referral: Referral) -> Evaluation:
    """The newest ranking, whose near tie is still to be put to the parent."""
    if not referral.category.offers_choice:
        raise NoChoiceHere
    evaluation = latest_evaluation(referral.id)
    if evaluation is None or not evaluation.near_tie:
        raise NoNearTie
    if counts_for(offer_of(referral.id), evaluation):
        raise OfferedAlready
    return evaluation


def _make_offer(
    referral: Referral, evaluation: Evaluation, closes_at: datetime, *, actor: Actor, now: datetime
) -> ChoiceOffer:
    identity = ChildIdentity.objects.get(referral_id=referral.id)
    family = read_details(identity)
    offer = ChoiceOffer(
        authority_id=referral.authority_id,
        referral_id=referral.id,
        evaluation_number=evaluation.number,
        asks_again=offer_of(referral.id) is not None,
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


def _tell_of_record(choice: ParentChoice, offer: ChoiceOffer, *, now: datetime) -> None:
    """By email or else by text; and a link, where none is in force, to contradict it with."""
    if offer.parent_email:
        key = f"choice-link:{offer.id}:{choice.id}"
        own = offer.authority_id
        owe(SEND_CHOICE_LINK, key=key, authority_id=own, at=now, offer_id=str(offer.id))
    if offer.parent_email or offer.parent_phone:
        _owe_confirmation(choice, offer, now=now)
