"""What the parent reads of each establishment: neither price, nor score, nor rank (P3, BC 4.11)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from dps.clock import show_date
from dps.hundredths import half_up
from providers.models import Establishment, Inspection
from referrals.models import Bid, ChoiceOffer, ChoiceOption, Feature, Need, Referral

ADDRESS = ("street", "locality", "town", "county", "postcode")


def add_options(offer: ChoiceOffer, referral: Referral, bid_ids: Sequence[UUID]) -> None:
    """Copy what the parent reads of each bid, in the order of the establishments' names."""
    bids = Bid.objects.filter(id__in=bid_ids).select_related("establishment", "provider")
    by_name = sorted(bids, key=lambda bid: (bid.establishment.name.casefold(), str(bid.id)))
    needs = _texts(Need.objects.filter(referral_id=referral.id).values_list("key", "text"))
    features = _texts(Feature.objects.filter(referral_id=referral.id).values_list("key", "text"))
    inspections = _inspections([bid.establishment_id for bid in by_name])
    ChoiceOption.objects.bulk_create(
        ChoiceOption(
            authority_id=offer.authority_id,
            offer_id=offer.id,
            bid_id=bid.id,
            position=position,
            name=bid.establishment.name,
            provider_name=bid.provider.name,
            address=_address(bid.establishment),
            distance_words=_distance(bid.distance),
            needs_met=_met(bid.content.get("needs_met", ()), needs),
            features_met=_met(bid.content.get("features_met", ()), features),
            inspection_words=inspections.get(bid.establishment_id, ""),
            family_words=bid.content.get("family_words", ""),
            website=bid.establishment.website,
            phone=bid.establishment.phone,
        )
        for position, bid in enumerate(by_name, start=1)
    )


def _texts(pairs: object) -> dict[str, str]:
    return dict(pairs)  # type: ignore[call-overload,no-any-return]


def _met(keys: Sequence[str], texts: dict[str, str]) -> list[str]:
    return [text for key, text in texts.items() if key in keys]


def _address(place: Establishment) -> str:
    parts = (getattr(place, name) for name in ADDRESS)
    return ", ".join(part for part in parts if part)[:300]


def _distance(hundredths: int | None) -> str:
    """Whole miles, since a straight line is not a journey."""
    if hundredths is None:
        return "We do not know how far away it is"
    miles = half_up(hundredths, 100)
    if miles == 0:
        return "Less than a mile from home"
    return f"About {miles} mile{'' if miles == 1 else 's'} from home, in a straight line"


def _inspections(establishment_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = Inspection.objects.filter(establishment_id__in=establishment_ids)
    return {
        row.establishment_id: f"{row.inspector}: {row.result}, {show_date(row.inspected_on)}"
        for row in rows.order_by("inspected_on")
    }
