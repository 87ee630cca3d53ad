"""A certificate has run out: a bad file is stopped, a good one takes its place and is offered."""

from __future__ import annotations

from tests.factories.files import EICAR, docx, pdf
from tests.journeys.people import Journey, Newcomer
from tests.journeys.visitor import Visitor

APPLICANT = Newcomer("Copperhithe", "Olu Coppersmythe", "olu.coppersmythe@copperhithe.example")
"""Of the demo region: the insurances of one of its schools have expired."""
SCHOOL = "Curlewfield School"
PUBLIC, EMPLOYERS = "Public liability insurance", "Employers’ liability insurance"
NUMBER = "CW 2027"


def an_application_asks_for_what_has_run_out(journey: Journey) -> None:
    journey.newcomer = APPLICANT
    visitor = journey.provider().sees(f"{PUBLIC} of {SCHOOL} has expired")
    visitor.clicks("Your applications").clicks("Start")
    visitor.ticks(SCHOOL, "SEN residential").sends().clicks("Exclusion grounds")
    visitor.ticks("None of these applies to us").sends()
    visitor.clicks("Registration").picks(passes="yes").sends().picks(passes="yes").sends()
    _insurances(journey).sees("Expired on", "Add what is missing", SCHOOL).looks()


def a_virus_is_refused_at_the_field(journey: Journey) -> None:
    """What was typed beside it is kept."""
    visitor = _insurances(journey).clicks("See what you hold")
    _replaces(journey, visitor, PUBLIC, ("certificate.pdf", EICAR))
    visitor.sees("There is a problem", "The file must be a PDF").keeps(number=NUMBER).looks()


def a_virus_inside_a_document_is_found_by_the_scanner(journey: Journey) -> None:
    visitor = journey.visitor(APPLICANT.email)
    infected = docx({"word/media/image1.png": EICAR})
    visitor.sends_along(file=("certificate.docx", infected)).sends()
    visitor.sees(f"{PUBLIC}: replaced", "is being checked for viruses").looks()
    href = visitor.page.url
    journey.site.settle()
    visitor.goes_to(href).sees("We could not keep the document", "Eicar-Test-Signature").looks()
    _insurances(journey).sees("Add what is missing")


def good_documents_take_their_places(journey: Journey) -> None:
    content = pdf()
    for kind in (PUBLIC, EMPLOYERS):
        visitor = journey.provider().goes_to("/your-evidence/")
        _replaces(journey, visitor, kind, ("certificate.pdf", content))
        href = visitor.sees(f"{kind}: replaced", "is being checked for viruses").page.url
        journey.site.settle()
        visitor.goes_to(href).sees("Open certificate.pdf", NUMBER, "All that was ever added")
    visitor.looks("certificate")
    link = visitor.page.get_by_role("link", name="Open certificate.pdf").first
    answer = visitor.page.request.get(f"{journey.site.address}{link.get_attribute('href')}")
    assert (answer.body(), answer.headers["content-type"]) == (content, "application/pdf")


def they_are_offered_where_they_are_asked_for(journey: Journey) -> None:
    visitor = _insurances(journey).sees("Held, valid until", "See what you hold").looks()
    visitor.does_not_see("Add what is missing").picks(passes="yes").sends()
    journey.provider().does_not_see(f"of {SCHOOL} has expired")


def _insurances(journey: Journey) -> Visitor:
    visitor = journey.provider().clicks("Your applications").clicks("Application")
    return visitor.clicks("Insurances")


def _replaces(journey: Journey, visitor: Visitor, kind: str, file: tuple[str, bytes]) -> None:
    """The newest of its kind, which stands first in the vault."""
    row = visitor.page.locator("main tr", has_text=kind).filter(has_text=SCHOOL).first
    visitor.follows(row.get_by_role("link").first).clicks("Replace it").looks()
    visitor.fills(number=NUMBER, sum_insured="£10,000,000")
    visitor.dates(issued_on=journey.day(-1), expires_on=journey.day(364))
    visitor.sends_along(file=file).sends()
