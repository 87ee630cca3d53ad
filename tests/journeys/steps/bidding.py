"""Two providers bid: the newcomer, and a neighbour of the demo region."""

from __future__ import annotations

from dps.money import in_pounds
from tests.journeys.people import RIVAL, RIVALS_SCHOOL, Journey
from tests.journeys.steps.joining import RAISED
from tests.journeys.steps.referring import CHILD, HOME, NEEDS
from tests.journeys.visitor import Visitor

NEWCOMERS_STATEMENT = (
    "We begin with trains. In the first week our speech therapist and the class teacher write"
    " with the child, and the family, one page for each outcome, with what we would see."
)
RIVALS_STATEMENT = (
    "Each outcome gets a lead adult and a small step for each week. We film reading aloud, with"
    " consent, so that the child can hear how far it has come."
)


def the_newcomer_bids(journey: Journey) -> None:
    visitor = journey.provider().clicks(f"Bid or decline: {journey.reference}")
    visitor.sees(*NEEDS).does_not_see(CHILD, HOME).looks("invitation")
    visitor.page.locator("a.govuk-button").first.click()
    visitor.page.wait_for_url("**/bid/")
    visitor.looks()
    amount, _basis = journey.costs[RAISED]
    visitor.fills(**{f"core_{RAISED}": in_pounds(amount)})
    _the_rest(journey, visitor, NEWCOMERS_STATEMENT)
    visitor.clicks("Work out the cost for a year").looks("bid")
    _submits(visitor, "receipt")


def its_neighbour_bids_too(journey: Journey) -> None:
    visitor = journey.person(RIVAL).clicks(f"Bid or decline: {journey.reference}")
    visitor.sees(RIVALS_SCHOOL).page.locator("a.govuk-button").first.click()
    visitor.page.wait_for_url("**/bid/")
    _the_rest(journey, visitor, RIVALS_STATEMENT)
    _submits(visitor)


def _the_rest(journey: Journey, visitor: Visitor, statement: str) -> None:
    """Both offer everything that is asked, and charge the same for therapy."""
    visitor.ticks_all("needs_met").ticks_all("features_met")
    visitor.fills(statement=statement, family_words="Come and meet our hens.")
    visitor.picks(has_vacancy="yes").dates(earliest_start=journey.day(70))
    visitor.fills(variable_0_title="Speech and language therapy", variable_0_amount="85")
    visitor.picks(variable_0_basis="week")


def _submits(visitor: Visitor, receipt: str = "") -> None:
    visitor.clicks("Save and continue").sees("Check your bid").looks()
    visitor.clicks("Submit your bid").sees("Bid submitted", "Digest").looks(receipt)


def nobody_at_the_council_sees_a_bid(journey: Journey, email: str) -> None:
    visitor = journey.person(email).goes_to(f"/referrals/{journey.referral}/")
    visitor.does_not_see(NEWCOMERS_STATEMENT, "Open the bids", " bid.")
