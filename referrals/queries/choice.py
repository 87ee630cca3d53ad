"""The parent's choice: what was offered, and what was said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from referrals.models import ChoiceOffer, ChoiceOption, ParentChoice, ParentCode, ParentLink


def offer_of(referral_id: UUID) -> ChoiceOffer | None:
    return ChoiceOffer.objects.filter(referral_id=referral_id).first()


def options_of(offer_id: UUID) -> list[ChoiceOption]:
    """In the order of their names, which says nothing of their rank."""
    return list(ChoiceOption.objects.filter(offer_id=offer_id).order_by("position"))


def standing_choice(offer_id: UUID) -> ParentChoice | None:
    """What the parent said last: it counts."""
    choices = ParentChoice.objects.filter(offer_id=offer_id).select_related("option")
    return choices.order_by("-chosen_at", "-id").first()


def answers_of(offer_id: UUID) -> list[ParentChoice]:
    """Everything the parent said, the last first."""
    choices = ParentChoice.objects.filter(offer_id=offer_id).select_related("option", "recorded_by")
    return list(choices.order_by("-chosen_at", "-id"))


def link_sent_at(offer_id: UUID) -> datetime | None:
    """When the link in force was emailed; None while none is."""
    links = ParentLink.objects.filter(offer_id=offer_id, revoked_at__isnull=True)
    return links.order_by("-made_at").values_list("made_at", flat=True).first()


def newest_code(offer_id: UUID) -> ParentCode | None:
    return ParentCode.objects.filter(offer_id=offer_id).order_by("-made_at", "-id").first()


def is_open(offer: ChoiceOffer, *, now: datetime) -> bool:
    """Whether the parent may still answer: by the clock, whether or not the window was closed."""
    return offer.closed_at is None and now < offer.closes_at
