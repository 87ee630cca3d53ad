"""Who is invited and who is not: the map, and the two lists beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from dps.clock import show_instant
from dps.govuk.map import Circle, Map, Point
from dps.grid import GridPoint
from dps.hundredths import show_hundredths
from providers.presenters.places import circle_around, outlines
from referrals.limits import Limit
from referrals.models import Consideration, Invitation, Referral
from referrals.queries.reach import Reached, invited, left_out, record_of

LIST_ID = "reach-list"
KINDS = {"invited": "Invited", "left_out": "Not invited"}


@dataclass(frozen=True)
class ReachPage:
    """What the page shows; ``plan`` is None where no place is known."""

    plan: Map | None
    invited: list[list[Any]]
    left_out: list[list[Any]]

    invited_head: tuple[Any, ...] = ()
    left_out_head: tuple[Any, ...] = ("Establishment", "Distance", "Why not")

    @property
    def words(self) -> str:
        number = len(self.invited)
        one = "1 establishment" if number == 1 else f"{number} establishments"
        return f"{one} invited, {len(self.left_out)} left out"


def preview_page(home: GridPoint, limit: Limit, considered: Sequence[Reached]) -> ReachPage:
    """Before the issue: the map has the home at its middle."""
    chosen, others = invited(considered), left_out(considered)
    points = [_pin(one, number) for number, one in enumerate(chosen, start=1)]
    points += [_pin(one, None) for one in others]
    plan = Map(
        title="Who would be invited",
        points=tuple(point for point in points if point is not None),
        outlines=outlines(),
        circle=_circle(home, limit),
        kinds=KINDS,
        key="reach-map",
        list_id=LIST_ID,
    )
    return ReachPage(
        plan,
        [
            [number, _linked(one), one.establishment.provider_name, _miles(one.distance), one.band]
            for number, one in enumerate(chosen, start=1)
        ],
        [[_linked(one), _miles(one.distance), one.words] for one in others],
        ("Number", "Establishment", "Provider", "Distance", "Providers see"),
    )


def record_page(referral: Referral) -> ReachPage:
    """After the issue: the record as it was kept, with what has been declined since."""
    record = record_of(referral)
    chosen = [(row, sent) for row, sent in record if sent is not None]
    others = [row for row, sent in record if sent is None]
    return ReachPage(
        None,
        [
            [
                number,
                _kept_link(row),
                row.establishment.provider.name if row.establishment.provider else "",
                _miles(row.distance),
                _answer(sent),
            ]
            for number, (row, sent) in enumerate(chosen, start=1)
        ],
        [[_kept_link(row), _miles(row.distance), row.words] for row in others],
        ("Number", "Establishment", "Provider", "Distance", "Answer"),
    )


def _answer(invitation: Invitation) -> str:
    """What the council may know: a no and its reason. Bids are sealed, and leave no trace here."""
    if invitation.declined_at is None:
        return f"Invited {show_instant(invitation.invited_at)}"
    reason = Invitation.DeclineReason(invitation.decline_reason).label
    note = f": {invitation.decline_note}" if invitation.decline_note else ""
    return f"Declined. {reason}{note}"


def _circle(home: GridPoint, limit: Limit) -> Circle:
    if limit.radius_miles is None:
        return Circle(home.easting, home.northing, 1, "the home")
    return circle_around(home, limit.radius_miles)


def _pin(one: Reached, number: int | None) -> Point | None:
    place = one.establishment
    if place.easting is None or place.northing is None:
        return None
    kind = "invited" if one.is_invited else "left_out"
    href = reverse("providers:establishment", args=[place.establishment_id])
    return Point(place.easting, place.northing, place.name, href, kind, number)


def _linked(one: Reached) -> dict[str, str]:
    href = reverse("providers:establishment", args=[one.establishment.establishment_id])
    return {"text": one.establishment.name, "href": href}


def _kept_link(row: Consideration) -> dict[str, str]:
    href = reverse("providers:establishment", args=[row.establishment_id])
    return {"text": row.establishment.name, "href": href}


def _miles(distance: int | None) -> str:
    return "Not known" if distance is None else f"{show_hundredths(distance)} miles"
