"""What was sent is checked, graded by people who do not see each other's grades, and decided."""

from __future__ import annotations

from tests.journeys.people import EVALUATORS, OFFICER, SECOND_OFFICER, Journey
from tests.journeys.visitor import Visitor

NAMES = ("Owen Featherby", "Ruth Mossington")
REASON = "Clear and measured. Say more on supervision."
OF_PANEL, OF_TWO = "The young people’s panel grades it", "All in: agree them"


def the_officer_checks_it(journey: Journey) -> None:
    """What the provider says beside what is known, until nothing is open."""
    visitor = _work(journey, OFFICER).looks("application-work")
    visitor.clicks("0 of").looks("checks")
    while visitor.page.locator("form[action$='/clear/']").count():
        visitor.clicks("Clear")
    visitor.clicks("Pass stage 1").looks()
    journey.site.settle()


def the_officer_asks_two_people_to_grade(journey: Journey) -> None:
    visitor = _work(journey, OFFICER).clicks("Ask people to grade").looks()
    visitor.ticks(*NAMES).sends().sees(*NAMES, "Not declared yet")
    journey.site.settle()


def each_grades_alone(journey: Journey) -> None:
    for email in EVALUATORS:
        visitor = journey.person(email).clicks(journey.newcomer.organisation).looks()
        visitor.picks(has_conflict="no").clicks("Continue").sees("To grade").looks()
        visitor.page.locator("main .govuk-task-list a").first.click()
        visitor.page.wait_for_load_state("load")
        visitor.looks("grade-a-statement")
        while visitor.page.locator("[name=grade]").count():
            visitor.does_not_see("Core costs", REASON).picks(grade="4").fills(reason=REASON).sends()
        visitor.clicks("Hand in your grades").sees("Your grades are handed in").looks()
    journey.site.settle()


def young_people_grade_their_question(journey: Journey) -> None:
    visitor = _work(journey, OFFICER).looks()
    _opens_statement(visitor, OF_PANEL)
    visitor.sees("What do you think of this answer?").looks("panel").picks(grade="4")
    visitor.fills(reason="We liked the key worker. What happens in the holidays?").sends()
    journey.site.settle()


def the_officer_agrees_the_grades(journey: Journey) -> None:
    visitor = _work(journey, OFFICER)
    while OF_TWO in visitor.words:
        _opens_statement(visitor, OF_TWO)
        visitor.sees(*NAMES).picks(grade="4").fills(reason=REASON).sends()
    visitor.looks("agreed").ticks_all("application").clicks("Close the grading")
    visitor.sees("Somebody other than you decides next").looks()
    journey.site.settle()


def _opens_statement(visitor: Visitor, words: str) -> None:
    row = visitor.page.get_by_role("row", name=words).first
    row.get_by_role("link").first.click()
    visitor.page.wait_for_load_state("load")


def a_second_person_decides(journey: Journey) -> None:
    visitor = _work(journey, SECOND_OFFICER).clicks(journey.school)
    visitor.sees("Nothing stands in the way").looks("review").clicks("Decide").looks()
    visitor.picks(decision="yes")
    visitor.fills(reason="Every question passes and every statement is good.").sends()
    visitor.sees("is on the list for SEN day").looks()
    journey.site.settle()


def _work(journey: Journey, email: str) -> Visitor:
    """The newcomer's application, as the contract team works on it."""
    visitor = journey.person(email).clicks("Applications")
    return visitor.clicks(journey.school)
