"""Bids are opened by two, graded by two, agreed and ranked."""

from __future__ import annotations

from tests.journeys.people import (
    COMMISSIONER,
    EVALUATORS,
    RIVALS_SCHOOL,
    SECOND_COMMISSIONER,
    Journey,
)
from tests.journeys.steps.bidding import NEWCOMERS_STATEMENT
from tests.journeys.visitor import Visitor

GOOD, BETTER = "4", "5"


def two_people_open_the_bids(journey: Journey) -> None:
    first = journey.person(COMMISSIONER).clicks(f"Open the bids of {journey.reference}")
    first.looks().confirms_password().sees("You are the first person")
    first.looks().sends().sees("You have approved")
    second = journey.person(SECOND_COMMISSIONER).clicks(f"Open the bids of {journey.reference}")
    second.confirms_password().sees("You are the second person").sends()
    second.sees("The bids are open", journey.school, RIVALS_SCHOOL).looks()
    journey.site.settle()


def two_evaluators_grade(journey: Journey) -> None:
    for email in EVALUATORS:
        visitor = journey.person(email).clicks(f"Grade the bids of {journey.reference}").looks()
        visitor.ticks("I have no conflict of interest").sends()
        visitor.does_not_see(journey.school, RIVALS_SCHOOL).looks()
        for letter in ("Bid A", "Bid B"):
            visitor.clicks(letter)
            _grades(visitor)
        visitor.clicks("Hand in my grades")
    visitor.sees("All grades are in").looks()
    journey.site.settle()


def _grades(visitor: Visitor) -> None:
    grade = _grade_of(visitor.words)
    groups = {box.get_attribute("name") for box in visitor.page.locator("input[type=radio]").all()}
    visitor.looks("grade-a-bid").picks(**dict.fromkeys(map(str, groups), grade)).sends()


def _grade_of(words: str) -> str:
    """The newcomer’s statement is a little better."""
    return BETTER if NEWCOMERS_STATEMENT in words else GOOD


def they_agree_their_grades(journey: Journey) -> None:
    first, second = (journey.person(email) for email in EVALUATORS)
    first.clicks(f"Agree the grades of {journey.reference}")
    for paper in first.page.locator("main h3").all_inner_texts():
        _records(first, paper)
    first.sends().sees("The agreed grades are recorded")
    second.goes_to("/start/").clicks(f"Agree the grades of {journey.reference}").looks()
    second.clicks("Confirm the agreed grades").sees("the bids are ranked")
    journey.site.settle()


def _records(visitor: Visitor, paper: str) -> None:
    """What both of them had given, as the page shows it for each paper."""
    statement = visitor.page.locator("details", has_text=f"Read the statement of {paper}")
    grade = _grade_of(statement.first.text_content() or "")
    for field in visitor.page.get_by_label(f"{paper}: agreed grade").all():
        field.select_option(grade)
    visitor.page.get_by_label(f"{paper}: why these grades").fill("We had given the same grades.")


def the_bids_are_nearly_equal(journey: Journey) -> None:
    visitor = journey.person(COMMISSIONER).clicks(f"{journey.reference} is ranked")
    visitor.sees("nearly equal", "Offer the choice").looks()
    visitor.clicks("See every score").sees(journey.school, RIVALS_SCHOOL).looks("scores")
