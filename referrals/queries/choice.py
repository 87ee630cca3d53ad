"""The parent's choice: what was offered, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from dps.clock import from_london, london
from dps.working_days import add_working_days
from referrals.models import (
    Bid,
    ChoiceOffer,
    ChoiceOption,
    Evaluation,
    ParentChoice,
    ParentCode,
    ParentLink,
    Referral,
)
from referrals.queries.evaluation import suspended_since_opening

DAYS_TO_CONTRADICT = 2
"""Working days after an officer's record in which a parent who said something else may object."""


def offer_of(referral_id: UUID) -> ChoiceOffer | None:
    """The newest: there is one for each ranking in which the parent was asked."""
    offers = ChoiceOffer.objects.filter(referral_id=referral_id)
    return offers.order_by("-evaluation_number").first()


def counts_for(offer: ChoiceOffer | None, evaluation: Evaluation | None) -> bool:
    """Whether what the parent says of this offer counts for that ranking."""
    if offer is None or evaluation is None:
        return False
    return offer.evaluation_number == evaluation.number


def leaves_unsettled(
    evaluation: Evaluation | None, referral: Referral, offer: ChoiceOffer | None
) -> bool:
    """Whether its near tie was neither offered to the parent nor reasoned away (P1)."""
    if evaluation is None or not evaluation.near_tie or not referral.category.offers_choice:
        return False
    is_reasoned = referral.no_choice_evaluation == evaluation.number
    return not is_reasoned and not counts_for(offer, evaluation)


def has_a_suspended_place(referral: Referral, offer: ChoiceOffer, *, now: datetime) -> bool:
    """Whether the parent chooses between places of which one is not possible any more."""
    offered = ChoiceOption.objects.filter(offer_id=offer.id).values_list("bid_id", flat=True)
    bids = Bid.objects.filter(referral_id=referral.id, id__in=list(offered))
    places = list(bids.values_list("establishment_id", flat=True))
    return bool(suspended_since_opening(referral, places, now=now))


def options_of(offer_id: UUID) -> list[ChoiceOption]:
    """In the order of their names, which says nothing of their rank."""
    return list(ChoiceOption.objects.filter(offer_id=offer_id).order_by("position"))


def standing_choice(offer_id: UUID) -> ParentChoice | None:
    """What the parent said last: it counts."""
    choices = ParentChoice.objects.filter(offer_id=offer_id).select_related("option")
    return choices.order_by("-chosen_at", "-id").first()


def answers_of(offer_id: UUID) -> list[ParentChoice]:
    """Everything the parent said of one offer, the last first."""
    choices = ParentChoice.objects.filter(offer_id=offer_id).select_related("option", "recorded_by")
    return list(choices.order_by("-chosen_at", "-id"))


def all_answers(referral_id: UUID) -> list[ParentChoice]:
    """Everything the parent said, in whichever ranking they were asked, the last first."""
    choices = ParentChoice.objects.filter(offer__referral_id=referral_id)
    told = choices.select_related("option", "recorded_by", "offer")
    return list(told.order_by("-chosen_at", "-id"))


def held_until(offer: ChoiceOffer, answers: Sequence[ParentChoice]) -> datetime | None:
    """
    Until when an officer may not close early: their record took the place of what the parent
    had answered by the link, who has two working days to contradict it, or until the closing date.

    `answers` are those of the offer, the last first.
    """
    by_link = next((one for one in answers if one.recorded_by_id is None), None)
    if by_link is None or by_link is answers[0]:
        return None
    last = answers[0]
    if (last.wish, last.option_id) == (by_link.wish, by_link.option_id):
        return None
    day = add_working_days(london(last.chosen_at).date(), DAYS_TO_CONTRADICT)
    return min(from_london(day, time(23, 59)), offer.closes_at)


def link_sent_at(offer_id: UUID) -> datetime | None:
    """When the link in force was emailed; None while none is."""
    links = ParentLink.objects.filter(offer_id=offer_id, revoked_at__isnull=True)
    return links.order_by("-made_at").values_list("made_at", flat=True).first()


def newest_code(offer_id: UUID) -> ParentCode | None:
    return ParentCode.objects.filter(offer_id=offer_id).order_by("-made_at", "-id").first()


def is_open(offer: ChoiceOffer, *, now: datetime) -> bool:
    """Whether the parent may still answer: by the clock, whether or not the window was closed."""
    return offer.closed_at is None and now < offer.closes_at
