"""Who a referral reaches: every establishment of the category, its distance, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dps.grid import GridPoint, band
from qualification.queries.caps import AboveCap, above_own_cap
from qualification.queries.qualified import QualifiedEstablishment, qualified_in
from referrals.limits import Eligible, EstablishmentFacts, Limit, NotEligible, decide
from referrals.models import Consideration, Invitation, Referral

UNKNOWN_BAND = "Distance not known"


@dataclass(frozen=True, slots=True)
class Reached:
    """One establishment considered; ``distance`` in hundredths of a mile, None if unknown."""

    establishment: QualifiedEstablishment
    distance: int | None
    verdict: Eligible | NotEligible

    @property
    def is_invited(self) -> bool:
        return isinstance(self.verdict, Eligible)

    @property
    def reason(self) -> str:
        return "" if isinstance(self.verdict, Eligible) else self.verdict.reason.value

    @property
    def words(self) -> str:
        return "" if isinstance(self.verdict, Eligible) else self.verdict.words

    @property
    def band(self) -> str:
        """What the provider sees in place of the distance."""
        return UNKNOWN_BAND if self.distance is None else band(self.distance)


def reach(*, category_id: UUID, limit: Limit, home: GridPoint, day: date) -> tuple[Reached, ...]:
    """
    Everybody qualified in the category, nearest first, with the verdict of R3.

    The cap is the one that the acting council has in force on that day (Q7).
    """
    above = above_own_cap(category_id, day)
    found = [
        consider(one, limit=limit, home=home, above=above.get(one.establishment_id))
        for one in qualified_in(category_id)
    ]
    return tuple(sorted(found, key=_nearest_first))


def consider(
    one: QualifiedEstablishment, *, limit: Limit, home: GridPoint, above: AboveCap | None
) -> Reached:
    distance = _distance(one, home)
    facts = EstablishmentFacts(
        area=one.la_name,
        distance=distance,
        is_closed=not one.is_open,
        is_procured=one.is_procured,
        # Whoever has left its provider stands on the list, and nobody could bid for it.
        is_qualified=one.provider_id is not None,
        is_suspended=one.is_suspended,
        # What those cost who are within the cap is not told, and decides nothing.
        core_price=above.year_pence if above else None,
        authority_cap=above.cap_pence if above else None,
    )
    return Reached(one, distance, decide(limit, facts))


def record_of(referral: Referral) -> list[tuple[Consideration, Invitation | None]]:
    """Everybody who was considered, nearest first, each with its invitation if it has one."""
    kept = Consideration.objects.filter(referral_id=referral.pk)
    rows = kept.select_related("establishment__provider").order_by("distance", "id")
    sent = Invitation.objects.filter(referral_id=referral.pk)
    by_place = {one.establishment_id: one for one in sent}
    return [(row, by_place.get(row.establishment_id)) for row in rows]


def invited(reached: Iterable[Reached]) -> tuple[Reached, ...]:
    return tuple(one for one in reached if one.is_invited)


def left_out(reached: Iterable[Reached]) -> tuple[Reached, ...]:
    return tuple(one for one in reached if not one.is_invited)


def _distance(one: QualifiedEstablishment, home: GridPoint) -> int | None:
    if one.easting is None or one.northing is None:
        return None
    return home.hundredths_of_a_mile_to(GridPoint(one.easting, one.northing))


def _nearest_first(one: Reached) -> tuple[bool, int, str]:
    return one.distance is None, one.distance or 0, one.establishment.name
