"""A provider joins: it registers, claims its school, insures it, applies, and qualifies."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from dps.actors import REGION_ID, system
from dps.models import Category
from dps.money import in_pounds
from dps.tenancy.identity import acting_as
from qualification.models import CoreCostLine
from tests.journeys.people import OFFICER, RIVALS_SCHOOL, Journey
from tests.journeys.visitor import PASSWORD, Visitor, code_now

RAISED, RAISED_BY = "education", 50_00
"""The head of cost for which the newcomer asks more than its neighbour, and how many pence."""
REGISTER = Path(__file__).parents[1] / "data" / "edubasealldata20261101.csv"
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


def it_records_its_insurance(journey: Journey) -> None:
    for kind in ("public_liability", "employers_liability"):
        visitor = journey.provider().clicks(f"Add the {kind.split('_')[0]}")
        visitor.clicks("Add a certificate").looks()
        visitor.picks(kind=kind).fills(number=f"LARK-{kind[:3]}", sum_insured="10,000,000")
        visitor.dates(issued_on=journey.day(-30), expires_on=journey.day(335))
        visitor.sends().sees("Certificate added")
    visitor.looks()
    visitor.goes_to("/your-establishments/").looks()


def it_applies(journey: Journey) -> None:
    visitor = journey.provider().clicks("Your applications").looks()
    visitor.clicks("Start").looks().ticks(journey.school, "SEN day").sends().looks("application")
    _answers_every_question(visitor)
    _states_its_costs(journey, visitor)
    visitor.clicks("Check your answers").looks().ticks("I have the right to apply").sends()
    visitor.sees("Application sent").looks()
    journey.site.settle()


def _answers_every_question(visitor: Visitor) -> None:
    """Each saved answer leads to the next, and the last to the costs."""
    visitor.clicks("Exclusion grounds").looks()
    while visitor.page.locator("[name=passes]").count():
        visitor.picks(passes="yes").sends()
    visitor.looks()
    while visitor.page.locator("[name=text]").count():
        visitor.fills(text=STATEMENT).clicks("Save and continue")


def _states_its_costs(journey: Journey, visitor: Visitor) -> None:
    """What its neighbour asks, and a little more for education."""
    visitor.sees("Core costs")
    for code, (amount, basis) in journey.costs.items():
        more = RAISED_BY if code == RAISED else 0
        visitor.fills(**{f"amount_{code}": in_pounds(amount + more)})
        visitor.picks(**{f"basis_{code}": basis})
    visitor.clicks("Work out the totals").looks("core-costs").clicks("Save and continue")


def the_officer_grades_and_decides(journey: Journey) -> None:
    visitor = journey.person(OFFICER).clicks("Applications").looks()
    visitor.clicks(journey.school).looks()
    visitor.clicks("Grade it").looks()
    while "/statements/" in visitor.page.url:
        visitor.picks(grade="4").fills(
            reason="Clear and measured. Say more on supervision."
        ).sends()
    visitor.clicks("Decide").looks().picks(decision="yes")
    visitor.fills(reason="Every question passes and every statement is good.").sends()
    visitor.looks()
    journey.site.settle()


def it_reads_that_it_has_qualified(journey: Journey) -> None:
    visitor = journey.provider().clicks("Your applications").clicks(journey.school)
    visitor.clicks("Read the outcome letter").sees("qualifie").looks()
