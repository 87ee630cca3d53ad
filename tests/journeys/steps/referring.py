"""A commissioner writes a referral, sees whom it reaches, and sends it."""

from __future__ import annotations

import re

from tests.journeys.people import COMMISSIONER, RIVALS_SCHOOL, Journey
from tests.journeys.visitor import Visitor

NEEDS = (
    "Help to join in with others",
    "Speech and language therapy each week",
    "Calm, small classes",
)
FEATURES = ("A teacher trained in autism", "A garden to be alone in")
OUTCOMES = ("Reads aloud to a friend", "Comes to school four days in five")
CHILD, HOME, PARENT = "Wilfred Example", "RH17 5BX", "Pat Example"
PARENTS_EMAIL, PARENTS_PHONE = "pat.example@family.example", "07700 900 555"


def the_commissioner_writes_a_referral(journey: Journey) -> None:
    visitor = journey.person(COMMISSIONER).looks("commissioner-start")
    visitor.clicks("Referrals").looks().clicks("Raise a referral").looks()
    visitor.page.get_by_label("SEN day").first.check(force=True)
    visitor.sends().looks("referral-tasks")
    journey.referral = re.findall(r"referrals/([0-9a-f-]{36})/", visitor.page.url)[0]
    journey.reference = visitor.page.locator(".govuk-caption-l").first.inner_text().split(",")[0]
    _the_child(visitor)
    _what_is_asked(visitor)
    _the_competition(journey, visitor)
    visitor.sees("You have completed 9 of 9 tasks").looks()


def _the_child(visitor: Visitor) -> None:
    visitor.clicks("Child’s profile").looks().fills(
        age="11",
        profile="Curious about engines and birds. Finds crowds and noise hard, and needs time.",
        wishes="I want a friend who likes trains.",
    ).sends()
    visitor.clicks("Child’s name and home").looks().fills(
        child_name=CHILD,
        postcode=HOME,
        parent_name=PARENT,
        parent_email=PARENTS_EMAIL,
        parent_phone=PARENTS_PHONE,
    ).sends()


def _what_is_asked(visitor: Visitor) -> None:
    visitor.clicks("Needs").looks()
    for number, words in enumerate(NEEDS):
        visitor.fills(**{f"row-{number}-text": words, f"row-{number}-marks": "30"})
    visitor.sends().clicks("Features").looks()
    for number, words in enumerate(FEATURES):
        visitor.fills(**{f"row-{number}-text": words, f"row-{number}-marks": "20"})
        visitor.picks(**{f"row-{number}-kind": "must_have" if number == 0 else "desirable"})
    visitor.page.locator("[name='row-0-is_essential']").check(force=True)
    visitor.sends().clicks("Outcomes").looks()
    for number, words in enumerate(OUTCOMES):
        visitor.fills(**{f"row-{number}-text": words, f"row-{number}-marks": "50"})
        visitor.picks(**{f"row-{number}-component": ("learning", "belonging")[number]})
    visitor.sends()


def _the_competition(journey: Journey, visitor: Visitor) -> None:
    visitor.clicks("Start and length").looks().dates(starts_on=journey.day(75))
    visitor.fills(weeks_per_year="38", duration="Until the end of year 11").sends()
    visitor.clicks("Weights").looks().sends()
    visitor.clicks("Distance or areas").looks().fills(radius_miles="12").sends()
    visitor.clicks("Deadline for bids").looks().dates(day=journey.day(14)).fills(time="5pm").sends()


def the_commissioner_sees_who_will_be_invited(journey: Journey) -> None:
    visitor = journey.person(COMMISSIONER).clicks(f"Finish and send {journey.reference}")
    visitor.clicks("Who will be invited").sees(journey.school, RIVALS_SCHOOL)
    visitor.looks("who-will-be-invited")


def the_commissioner_checks_and_sends_it(journey: Journey) -> None:
    visitor = journey.person(COMMISSIONER).clicks(f"Finish and send {journey.reference}")
    visitor.clicks("Check and send").looks().clicks("Send to providers")
    visitor.looks()
    journey.site.settle()
