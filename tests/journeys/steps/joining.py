"""A provider joins: it registers, claims its school, shows what it holds, and applies."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from dps.actors import REGION_ID, system
from dps.models import Category
from dps.money import in_pounds
from dps.tenancy.identity import acting_as
from providers.evidence_kinds import BY_CODE, EvidenceKind, HeldBy, Need
from qualification.models import CoreCostLine
from tests.factories.files import pdf
from tests.journeys.people import OFFICER, RIVALS_SCHOOL, Journey
from tests.journeys.visitor import PASSWORD, Visitor, code_now

RAISED, RAISED_BY = "education", 50_00
"""The head of cost for which the newcomer asks more than its neighbour, and how many pence."""
REGISTER = Path(__file__).parents[1] / "data" / "edubasealldata20261101.csv"
WANTED = (
    "public_liability",
    "employers_liability",
    "health_and_safety",
    "equalities",
    "safeguarding",
    "business_continuity",
    "data_protection",
    "accounts",
)
"""What is asked of everybody who applies for SEN day."""
STATEMENT = (
    "Every child has a plan with three goals in words of their own. A key worker reads it with"
    " the child each week, we measure each goal with the family each half term, and what does"
    " not work is changed within a fortnight."
)


def a_school_comes_onto_the_register(journey: Journey) -> None:
    """An invented one that nobody runs yet, in the register's own form."""
    said = StringIO()
    call_command("import_register", "gias", REGISTER, "--json", stdout=said)
    assert json.loads(said.getvalue())["created"] == 1
    lines = CoreCostLine.objects.filter(
        application__establishment__name=RIVALS_SCHOOL,
        application__category=Category.objects.get(code="sen-day"),
    )
    with acting_as(system(REGION_ID)):
        journey.costs = {
            one.head.code: (one.amount_pence, one.basis) for one in lines.select_related("head")
        }
    assert len(journey.costs) == 9


def the_provider_registers(journey: Journey) -> None:
    new, visitor = journey.newcomer, journey.stranger()
    visitor.goes_to("/").looks("welcome").clicks("Register as a provider").looks()
    visitor.fills(name=new.organisation, person_name=new.name, email=new.email, password=PASSWORD)
    visitor.sends().sees("You have registered").looks()
    visitor.clicks("Sign in").looks().signs_in(new.email)
    visitor.sees("Set up an authenticator app").looks()
    visitor.opens("I cannot scan the picture")
    visitor.secret = visitor.page.locator("details .app-code").inner_text().strip()
    visitor.fills(code=code_now(visitor.secret)).sends()
    visitor.goes_to("/start/").sees("Claim the first school or home").looks()
    journey.introduce(new.email, visitor)


def it_claims_the_school(journey: Journey) -> None:
    visitor = journey.provider().clicks("Claim the first school or home").looks()
    visitor.fills(search=journey.school).clicks("Search").sees(journey.school).looks()
    visitor.clicks(f"Claim {journey.school}").sees("What happens next").looks()
    visitor.sends().sees(f"You have claimed {journey.school}").looks()
    journey.site.settle()


def the_officer_confirms_the_claim(journey: Journey) -> None:
    visitor = journey.person(OFFICER).looks()
    visitor.clicks(f"{journey.newcomer.organisation} says that it runs {journey.school}").looks()
    visitor.picks(decision="confirm").sends()
    visitor.sees("We have told the provider", "Confirmed").looks()
    journey.site.settle()


def it_fills_its_vault(journey: Journey) -> None:
    """Each document once; what covers all that it runs is asked of nobody again."""
    visitor = journey.provider().goes_to("/your-evidence/").looks("vault")
    visitor.clicks("Add a certificate or policy").looks()
    for kind in WANTED:
        visitor.goes_to("/your-evidence/add/").clicks(BY_CODE[kind].name)
        adds_to_vault(journey, visitor, BY_CODE[kind])
    assert "Being checked" in visitor.page.locator("main table").inner_text()
    journey.site.settle()
    visitor.goes_to("/your-evidence/").looks()
    assert "Being checked" not in visitor.page.locator("main table").inner_text()


def adds_to_vault(journey: Journey, visitor: Visitor, kind: EvidenceKind) -> None:
    if kind.held_by is HeldBy.EITHER:
        visitor.picks(held_for="all")
    if kind.number is Need.REQUIRED:
        visitor.fills(number="ZA123456")
    if kind.is_insurance:
        visitor.fills(sum_insured="10,000,000")
    visitor.dates(issued_on=journey.day(-30))
    if kind.expiry is Need.REQUIRED:
        visitor.dates(expires_on=journey.day(335))
    visitor.sends_along(file=(f"{kind.code}.pdf", pdf())).sends()
    visitor.sees(f"{kind.name}: added")


def it_applies(journey: Journey) -> None:
    visitor = journey.provider().clicks("Your applications").looks()
    visitor.clicks("Start").looks().ticks(journey.school, "SEN day").sends().looks("joining")
    _passes_stage_one(visitor)
    _answers_every_question(visitor)
    _states_its_costs(journey, visitor)
    visitor.clicks("Check and send").looks().ticks_all("applications")
    visitor.ticks("I have the right to apply").sends()
    visitor.sees("Application sent", journey.school).looks()
    journey.site.settle()


def _passes_stage_one(visitor: Visitor) -> None:
    """What would shut it out is told before anything long is written."""
    visitor.sees("It opens as soon as stage 1 is complete").clicks("Exclusion grounds").looks()
    visitor.ticks("None of these applies to us").sends().sees("Exclusion grounds saved")
    visitor.clicks("Registration").looks().picks(passes="yes").sends()
    visitor.sees("Inspection result").looks().picks(passes="yes").sends()


def _answers_every_question(visitor: Visitor) -> None:
    """Each saved answer leads to the next, and the last to the whole."""
    visitor.sees("Financial standing", "Evidence").looks()
    while visitor.page.locator("[name=passes]").count():
        visitor.picks(passes="yes").sends()
    visitor.looks("statement")
    while visitor.page.locator("textarea[name=text]").count():
        visitor.fills(text=STATEMENT).clicks("Save and continue")


def _states_its_costs(journey: Journey, visitor: Visitor) -> None:
    """What its neighbour asks, and a little more for education."""
    visitor.clicks("Core costs")
    for code, (amount, basis) in journey.costs.items():
        more = RAISED_BY if code == RAISED else 0
        visitor.fills(**{f"amount_{code}": in_pounds(amount + more)})
        visitor.picks(**{f"basis_{code}": basis})
    visitor.clicks("Work out the totals").looks("core-costs").clicks("Save and continue")


def it_reads_that_it_has_qualified(journey: Journey) -> None:
    visitor = journey.provider().clicks("Your applications").looks().clicks("Application 1")
    visitor.clicks(journey.school).looks().clicks("Read the outcome letter")
    visitor.sees("has qualified", "by the young people’s panel").looks("outcome")
