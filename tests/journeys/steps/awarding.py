"""The award: recommended, approved, told, signed and published."""

from __future__ import annotations

from datetime import timedelta

from contracts.publication.quarters import quarter_of
from contracts.services.publishing import publish_ended_quarters
from dps.actors import REGION_ID, system
from tests.journeys.people import (
    APPROVER,
    APPROVERS_NAME,
    COMMISSIONER,
    RIVAL,
    Journey,
)
from tests.journeys.visitor import Visitor


def the_commissioner_recommends_the_award(journey: Journey) -> None:
    visitor = journey.person(COMMISSIONER).goes_to(f"/referrals/{journey.referral}/")
    visitor.clicks("Recommend the award").sees(journey.school).looks()
    visitor.fills(reason="The family chose it between two nearly equal bids.").sends()
    visitor.sees("The award is recommended").looks()
    journey.site.settle()


def the_approver_approves_it(journey: Journey) -> None:
    visitor = journey.person(APPROVER).clicks(f"Approve or return the award of {journey.reference}")
    visitor.confirms_password().looks().picks(decision="approve")
    visitor.fills(reason="As the family wishes.").sends().sees("The award is approved").looks(
        "awarded"
    )
    journey.site.settle()


def both_bidders_read_their_result(journey: Journey) -> None:
    won = _result(journey, journey.provider())
    won.sees("Your bid was successful", "the family chose yours").looks()
    lost = _result(journey, journey.person(RIVAL))
    lost.sees("Your bid was not successful", "ranked number 2", journey.school).looks("result-lost")


def _result(journey: Journey, visitor: Visitor) -> Visitor:
    return visitor.clicks("Invitations").looks().clicks(journey.reference).clicks("See the result")


def both_sides_sign(journey: Journey) -> None:
    council = journey.person(APPROVER)
    _signs(council, APPROVERS_NAME).sees("The other side signs next").looks()
    provider = journey.provider()
    _signs(provider, journey.newcomer.name).sees("Both sides have signed").looks("agreement")
    journey.site.settle()


def _signs(visitor: Visitor, name: str) -> Visitor:
    visitor.clicks("Sign agreement").looks().clicks("Read and sign")
    if "reauthenticate" in visitor.page.url:
        visitor.confirms_password()
    visitor.looks().fills(name=name).ticks("I have read the agreement")
    return visitor.sends()


def the_quarter_ends_and_is_published(journey: Journey) -> None:
    quarter = quarter_of(journey.site.now)
    journey.site.wait(quarter.end - journey.site.now + timedelta(hours=2))
    published = publish_ended_quarters(actor=system(REGION_ID), now=journey.site.now)
    assert [one.quarter for one in published] == [quarter.slug]


def everybody_can_see_the_award(journey: Journey) -> None:
    visitor = journey.stranger().goes_to("/").clicks("Published awards").looks()
    visitor.page.locator("main table a").first.click()
    visitor.page.wait_for_load_state("load")
    visitor.sees(journey.school, journey.newcomer.organisation, "West Sussex")
    visitor.looks("published-quarter")
