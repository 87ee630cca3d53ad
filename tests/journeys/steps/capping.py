"""A council adopts a cap of its own, a pound less than a school asks: seen from both sides."""

from __future__ import annotations

import re

from dps.money import show
from tests.journeys.people import COMMISSIONER, RIVAL, RIVALS_SCHOOL, Journey
from tests.journeys.visitor import Visitor

ADMINISTRATOR = "ama.thimblethorpe@westsussex.example"
COUNCIL = "West Sussex County Council"
POUND = 100
REASON = "What the council’s budget for day places allows this year."


def the_council_sees_whom_a_cap_leaves_out(journey: Journey) -> None:
    """Nothing is adopted yet, and what anybody costs is not told."""
    cost = _costs_of_the_school(journey)
    visitor = journey.person(ADMINISTRATOR).clicks("Market").looks()
    visitor.clicks("Caps on core costs").looks().clicks("Set a cap").looks()
    visitor.picks(category="sen-day").dates(from_date=journey.day(0))
    visitor.page.locator("select[name=authority]").select_option(label=COUNCIL)
    visitor.fills(reason=REASON, year="lots").clicks("See whom it leaves out")
    visitor.sees("must be an amount").keeps(year="lots", reason=REASON).looks()
    visitor.fills(year=show(cost - POUND)).clicks("See whom it leaves out")
    visitor.sees(f"Whom a cap of {show(cost - POUND, whole=True)}", RIVALS_SCHOOL)
    visitor.does_not_see(show(cost)).looks("cap")
    assert COUNCIL not in _closed_to_the_school(journey)


def it_adopts_the_cap(journey: Journey) -> None:
    visitor = journey.visitor(ADMINISTRATOR).clicks("Adopt this cap")
    visitor.sees("The cap is adopted", COUNCIL, REASON).looks()
    journey.site.settle()


def the_commissioner_sees_why_the_school_is_left_out(journey: Journey) -> None:
    visitor = journey.person(COMMISSIONER).clicks("Finish and send")
    visitor.clicks("Distance or areas").fills(radius_miles="40").sends()
    visitor.goes_to(f"{visitor.page.url.partition('/tasks/')[0]}/reach/")
    visitor.looks("left-out-by-a-cap")
    row = visitor.page.locator("tr", has_text=RIVALS_SCHOOL).inner_text()
    assert "above the council’s cap" in row, row


def the_school_sees_who_can_invite_it(journey: Journey) -> None:
    assert COUNCIL in _closed_to_the_school(journey)
    visitor = journey.visitor(RIVAL).sees("£1.00 a year above its cap", "Surrey County Council")
    visitor.looks("who-can-invite")


def _costs_of_the_school(journey: Journey) -> int:
    """Pence for a year, as its own page says."""
    found = re.search(r"come to £([0-9,]+)\.([0-9]{2}) a year", _standing(journey).words)
    assert found
    return int("".join(found.groups()).replace(",", ""))


def _closed_to_the_school(journey: Journey) -> list[str]:
    rows = _standing(journey).page.locator("main tr", has_text="No").all()
    return [
        row.locator("th").first.inner_text() for row in rows if "above its cap" in row.inner_text()
    ]


def _standing(journey: Journey) -> Visitor:
    visitor = journey.person(RIVAL).clicks("Your applications").clicks("Application 1")
    visitor.clicks(RIVALS_SCHOOL).clicks("Read the outcome letter")
    return visitor.clicks("See who can invite you")
