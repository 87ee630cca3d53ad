"""A score is looked at again: proposed, replied to, decided by a second person, and counted."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.journeys.people import OFFICER, SECOND_OFFICER, Journey
from tests.journeys.visitor import Visitor

SCHOOL, HEAD = "Kestlewynd College", "rosa.thistledown@kestlewynd.example"
"""Of the demo region, and soon due: a year after it qualified."""
WHY = "Two visits found that the plans are kept."
REPLY = "Thank you. The figures of this summer say the same."
UNTIL_IT_COUNTS = timedelta(days=40)


def the_officer_proposes_a_higher_score(journey: Journey) -> None:
    """Nothing is proposed until the new score was looked at."""
    visitor = _reviews(journey, OFFICER).looks().clicks(SCHOOL).looks()
    name, grade = _first_that_can_rise(visitor)
    visitor.picks(**{f"grade_{name}": str(grade + 1)})
    visitor.fills(reason=WHY, evidence="Reports of March and June").sends()
    visitor.sees("Enter why the grade").keeps(reason=WHY).looks()
    visitor.fills(**{f"reason_{name}": WHY}).sends()
    visitor.sees("Nothing is proposed yet", " up to ").looks("new-score")
    visitor.clicks("Propose it").sees("It is proposed", SCHOOL)
    journey.site.settle()


def _first_that_can_rise(visitor: Visitor) -> tuple[str, int]:
    """The code of its statement, and its grade."""
    for select in visitor.page.locator("select[name^=grade_]").all():
        grade = int(select.input_value())
        if grade < 5:
            return str(select.get_attribute("name")).removeprefix("grade_"), grade
    raise AssertionError("every grade is the best")


def the_provider_replies(journey: Journey) -> None:
    visitor = journey.person(HEAD).clicks(f"Another score is proposed for {SCHOOL}").looks()
    visitor.sees("Your right of reply", " up to ", WHY).fills(text=REPLY).sends()
    visitor.sees("Your reply is sent", "a second person of the contract team decides").looks()
    journey.site.settle()


def a_second_person_decides_on_the_score(journey: Journey) -> None:
    visitor = _reviews(journey, OFFICER).clicks(SCHOOL).sees(REPLY).looks()
    visitor.sees("you proposed this, so somebody else decides")
    visitor = _reviews(journey, SECOND_OFFICER).clicks(SCHOOL).clicks("Decide").looks()
    visitor.picks(outcome="changed").fills(reason="The reply agrees.").sends()
    visitor.sees("The provider gets an email and a letter").looks()
    journey.site.settle()


def the_new_score_counts_from_its_day(journey: Journey) -> None:
    """Both versions are kept, and the provider sees which counts."""
    visitor = _standing(journey).sees("(to come)").looks("standing")
    old = _score(visitor)
    journey.site.wait(UNTIL_IT_COUNTS)
    visitor = _standing(journey).does_not_see("(to come)")
    assert _score(visitor) > old
    visitor.sees(f"{old:.2f}", f"{_score(visitor):.2f}", "Every version of the score")


def _score(visitor: Visitor) -> float:
    found = re.search(r"Score that counts now: ([0-9.]+) of 100", visitor.words)
    assert found, visitor.words
    return float(found[1])


def _standing(journey: Journey) -> Visitor:
    return journey.person(HEAD).clicks("Your standing").clicks(SCHOOL)


def _reviews(journey: Journey, email: str) -> Visitor:
    return journey.person(email).clicks("Applications").clicks("reviews of scores")
