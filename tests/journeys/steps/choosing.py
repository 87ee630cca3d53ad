"""The parent chooses between nearly equal places, by a link and a code."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from tests.journeys.people import COMMISSIONER, RIVALS_SCHOOL, Journey
from tests.journeys.steps.referring import PARENTS_EMAIL, PARENTS_PHONE
from tests.journeys.visitor import Visitor


def the_commissioner_offers_the_choice(journey: Journey) -> None:
    visitor = journey.person(COMMISSIONER).clicks(f"{journey.reference} is ranked")
    visitor.clicks("Offer the choice").looks().sends()
    visitor.sees("The choice is offered to the parent").looks()
    journey.site.settle()


def the_parent_chooses_the_newcomer(journey: Journey) -> None:
    visitor = _reads_mail(journey, PARENTS_EMAIL, "A choice is waiting").clicks("http")
    visitor.sees("A choice is waiting").looks()
    visitor.clicks("Send a code to my mobile").sees("A code is on its way")
    journey.site.settle()
    text = _reads_mail(journey, PARENTS_PHONE, "Your code")
    visitor.fills(code=re.findall(r"\b[0-9]{6}\b", text.words)[0]).sends()
    visitor.sees(journey.school, RIVALS_SCHOOL, "in the order of their names")
    visitor.does_not_see("£", "points").looks("parent-compares")
    visitor.ticks(journey.school).fills(reason="He liked the hens.").sends()
    visitor.sees("We have your answer", journey.school).looks()
    journey.site.settle()


def _reads_mail(journey: Journey, to: str, subject: str) -> Visitor:
    visitor = journey.stranger().goes_to(f"/mailbox/?{urlencode({'to': to})}").looks()
    return visitor.clicks(subject).looks()


def the_commissioner_closes_the_choice(journey: Journey) -> None:
    visitor = journey.person(COMMISSIONER).goes_to(f"/referrals/{journey.referral}/")
    visitor.clicks("Follow the choice").sees(journey.school, "He liked the hens.").looks()
    visitor.clicks("Close the choice").sees("The choice is closed")
