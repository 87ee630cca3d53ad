"""What was rejected is put right: one answer is asked again, all else is kept with its grades."""

from __future__ import annotations

from tests.journeys.people import OFFICER, SECOND_OFFICER, Journey
from tests.journeys.steps.moderating import AGREED, FAILS, LAW, TO_PUT_RIGHT, checks, letter, work


def the_provider_puts_one_answer_right(journey: Journey) -> None:
    visitor = letter(journey, FAILS).clicks("Put it right").looks("put-right")
    visitor.sees(TO_PUT_RIGHT, "These passed, and keep the grades they were given")
    asked = visitor.page.locator("main .govuk-task-list a")
    assert asked.all_inner_texts() == [LAW]
    visitor.clicks(LAW).sees("Why it did not qualify", TO_PUT_RIGHT).looks()
    visitor.picks(passes="yes").sends()
    visitor.clicks("Check and send").sees(LAW).does_not_see("Workforce").looks()
    visitor.ticks("I have the right to apply").sends().sees("Application sent", FAILS)
    journey.site.settle()


def only_that_is_checked_again(journey: Journey) -> None:
    visitor = checks(journey, FAILS).sees(LAW).does_not_see("Insurances").looks()
    visitor.clicks("Clear")
    visitor.clicks("Pass stage 1")
    journey.site.settle()
    visitor = work(journey, OFFICER).does_not_see("All in: agree them").looks()
    visitor.ticks_all("application").clicks("Close the grading")
    visitor.sees("Somebody other than you decides next")
    journey.site.settle()


def it_qualifies_with_the_grades_it_had(journey: Journey) -> None:
    visitor = work(journey, SECOND_OFFICER)
    visitor.ticks_all("application").clicks("Decide together").sees("1 can qualify now").looks()
    visitor.fills(reason="It is put right.").sends().sees("1 establishment is on the list")
    journey.site.settle()
    letter(journey, FAILS).sees("has qualified", AGREED, "Grade 3 of 5").looks()
