"""Two people grade far apart and blind, a moderator agrees, a second person decides on each."""

from __future__ import annotations

from tests.journeys.people import EVALUATORS, OFFICER, SECOND_OFFICER, Journey, Newcomer
from tests.journeys.visitor import Visitor

PROVIDER = "Chalkwren Schools"
APPLICANT = Newcomer(PROVIDER, "Noor Lanternby", "noor.lanternby@chalkwren.example")
"""Of the demo region: it applies for two schools, and was asked a question about one."""
QUALIFIES, FAILS = "Chalkwren School", "Little Chalkwren"
PARTIAL, NAME_OF_PARTIAL = "simon.dunnockly@eastsussex.example", "Simon Dunnockly"
NAMES = ("Owen Featherby", "Ruth Mossington")
LAW = "Health and safety, equalities and the environment"
REASONS = dict(zip(EVALUATORS, ("Strong on goals.", "Says little of staff."), strict=True))
GRADES = dict(zip(EVALUATORS, ("5", "2"), strict=True))
AGREED = "Good on goals. Say how staff are supervised."
NOTE = "Read together: both then settled on 3."
TO_PUT_RIGHT = "The fire risk assessment is two years old. Send one of this year."


def the_provider_replies_to_a_question(journey: Journey) -> None:
    journey.newcomer = APPLICANT
    visitor = journey.provider().clicks(f"The contract team asks you about {QUALIFIES}").looks()
    visitor.sees("It is a question, not a refusal").fills(text="Yes: the insurer confirms it.")
    visitor.sends().sees("There is nothing for you to do").looks()
    journey.site.settle()


def the_officer_finds_what_does_not_pass(journey: Journey) -> None:
    """What both schools said alike is cleared once for both; one matter fails at one of them."""
    visitor = checks(journey, QUALIFIES).sees("Reply of Noor Lanternby").looks()
    _clears_all_but_the_law(visitor)
    visitor.clicks("Clear").clicks("Pass stage 1").sees("has passed stage 1")
    visitor = checks(journey, FAILS)
    _fails(visitor)
    _clears_all_but_the_law(visitor)
    visitor.clicks("Pass stage 1").sees("has passed stage 1")
    journey.site.settle()


def _fails(visitor: Visitor) -> None:
    visitor.follows(visitor.page.locator("#law a[href$='/checks/law/']"))
    visitor.looks()
    visitor.picks(result="fails").sends().sees("Say what does not pass").looks()
    visitor.fills(note=TO_PUT_RIGHT).sends().sees("is saved")


def _clears_all_but_the_law(visitor: Visitor) -> None:
    """The last button of a matter clears it for all that gave the same answer."""
    buttons = visitor.page.locator("form[action$='/clear/']:not([action*='/law/']) button")
    while buttons.count():
        visitor.follows(buttons.last)


def one_who_was_asked_has_a_conflict(journey: Journey) -> None:
    visitor = work(journey, OFFICER).clicks("Ask people to grade")
    visitor.ticks(*NAMES, NAME_OF_PARTIAL).sends()
    journey.site.settle()
    visitor = journey.person(PARTIAL).clicks(PROVIDER).picks(has_conflict="yes").sends()
    visitor.sees("Say what the conflict of interest is").looks()
    visitor.fills(conflict="My sister is its head of care.").sends()
    visitor.does_not_see("To grade").looks()
    journey.site.settle()


def two_people_grade_without_seeing_each_other(journey: Journey) -> None:
    for email in EVALUATORS:
        visitor = journey.person(email).clicks(PROVIDER)
        visitor.picks(has_conflict="no").clicks("Continue")
        visitor.follows(visitor.page.locator("main .govuk-task-list a").first)
        while visitor.page.locator("[name=grade]").count():
            visitor.does_not_see(*(REASONS[other] for other in EVALUATORS if other != email))
            visitor.picks(grade=GRADES[email]).fills(reason=REASONS[email]).sends()
        the_officer_sees_no_grade(journey)
        visitor.clicks("Hand in your grades").sees("Your grades are handed in")
    journey.site.settle()


def the_officer_sees_no_grade(journey: Journey) -> None:
    """Until everybody has handed in, it sees who has, and not what."""
    visitor = work(journey, OFFICER).does_not_see(*REASONS.values())
    visitor.follows(visitor.page.get_by_role("link", name="Workforce").first)
    visitor.sees("The grades are not all in").does_not_see(*REASONS.values())


def the_officer_brings_them_together(journey: Journey) -> None:
    """Three apart: the agreed grade needs a note of how it came about."""
    visitor = work(journey, OFFICER)
    _opens(visitor, "The young people’s panel grades it")
    visitor.picks(grade="4").fills(reason="We believe it.").sends()
    while "All in: agree them" in visitor.words:
        _opens(visitor, "All in: agree them")
        visitor.sees("They are 3 apart", *NAMES, *REASONS.values())
        visitor.picks(grade="3").fills(reason=AGREED).sends()
        visitor.sees("Say how you came to the agreed grade").keeps(reason=AGREED)
        visitor.fills(note=NOTE).sends()
    visitor.looks().ticks_all("application").clicks("Close the grading")
    visitor.sees("Somebody other than you decides next")
    journey.site.settle()


def _opens(visitor: Visitor, words: str) -> None:
    row = visitor.page.get_by_role("row", name=words).first
    visitor.follows(row.get_by_role("link").first)


def the_officer_may_not_decide(journey: Journey) -> None:
    visitor = work(journey, OFFICER).clicks(QUALIFIES).clicks("Decide").looks()
    visitor.sees("Somebody else has to decide on it", "Tell a colleague that it waits")
    visitor.does_not_see("Does the establishment qualify?")


def a_second_person_decides_on_each(journey: Journey) -> None:
    visitor = work(journey, SECOND_OFFICER).clicks(QUALIFIES).clicks("Decide")
    visitor.picks(decision="yes").fills(reason="Everything passes.").sends().sees("is on the list")
    visitor = work(journey, SECOND_OFFICER).clicks(FAILS).clicks("Decide")
    visitor.sees("It cannot qualify yet").looks().picks(decision="no")
    visitor.fills(reason="One matter has to be put right first.").sends().sees("does not qualify")
    journey.site.settle()


def the_provider_reads_both_letters(journey: Journey) -> None:
    visitor = letter(journey, QUALIFIES).sees("has qualified", AGREED, "Grade 3 of 5")
    visitor.does_not_see(NOTE, *REASONS.values()).looks()
    letter(journey, FAILS).sees("has not qualified yet", LAW, TO_PUT_RIGHT, "Grade 3 of 5").looks()
    pdf = visitor.page.get_by_role("link", name="Download the letter").get_attribute("href")
    answer = visitor.page.request.get(f"{journey.site.address}{pdf}")
    assert answer.body().startswith(b"%PDF-"), answer.status


def letter(journey: Journey, school: str) -> Visitor:
    """The latest of a school, as its provider reads it."""
    visitor = journey.provider().clicks("Your applications").clicks("Application")
    visitor.follows(visitor.page.locator("main th a", has_text=school).last)
    return visitor.clicks("Read the outcome letter")


def checks(journey: Journey, school: str) -> Visitor:
    visitor = work(journey, OFFICER)
    links = visitor.page.locator("a[href$='/checks/']")
    return visitor.follows(links.filter(has_text=f"the checks of {school}").last)


def work(journey: Journey, email: str) -> Visitor:
    """What the applicant has with the contract team, from the list of all."""
    visitor = journey.person(email).clicks("Applications")
    return visitor.follows(visitor.page.locator("main table a", has_text=PROVIDER).first)
