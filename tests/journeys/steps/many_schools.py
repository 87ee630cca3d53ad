"""A provider with twelve schools applies for two categories in one go."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from dps.actors import Actor, Role
from dps.documents.uploads import NewUpload, receive_upload
from dps.models import Account
from dps.tenancy.identity import acting_as
from providers.evidence_kinds import BY_CODE, Need
from providers.services.evidence import add_evidence
from providers.services.particulars import Particulars
from tests.factories.files import pdf
from tests.factories.kernel import PASSWORD, make_person
from tests.factories.providers import make_establishment, make_inspection, make_provider
from tests.journeys.people import OFFICER, Journey, Newcomer
from tests.journeys.steps.joining import adds_to_vault
from tests.journeys.visitor import Visitor, give_second_factor

PROVIDER, HEAD = "Tansley Schools Trust", "Harriet Tansley"
TREES = (
    *("Alder", "Birch", "Cedar", "Damson", "Elder", "Fir"),
    *("Gorse", "Hazel", "Ivy", "Juniper", "Larch", "Maple"),
)
SCHOOLS = tuple(f"{tree} Tansley School" for tree in TREES)
DAY, RESIDENTIAL = "SEN day", "SEN residential"
TYPED, COPIED, DIFFERENT = SCHOOLS[0], SCHOOLS[1], SCHOOLS[4]
"""The first two's day costs are typed, and copied; the last has an answer of its own."""
HELD = (
    *("public_liability", "employers_liability", "health_and_safety", "equalities"),
    *("safeguarding", "business_continuity", "data_protection"),
)
"""What its vault has before it applies; the accounts are added on the way."""
COMMON = "Each child has a plan in words of their own, which a key worker reads with them weekly."
OWN = "Elder Tansley is a farm: everybody there is trained in care with animals as well."
FIRST_ROW, YEARLY, HEADS, TERMLY = 7, 6, 9, 3
"""Where a sheet begins and has the amounts for a year; its lines, and those of termly boarders."""


def a_provider_runs_twelve_schools(journey: Journey) -> None:
    """Each passed its inspection; what the vault has covers all of them."""
    provider = make_provider(PROVIDER, is_invented=True)
    head = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=provider.pk, name=HEAD)
    for name in SCHOOLS:
        make_inspection(make_establishment(name, provider=provider, is_invented=True))
    with acting_as(head):
        _fill_the_vault(journey, head)
    journey.site.settle()
    email = Account.objects.get(person_id=head.person_id).email
    give_second_factor(email)
    journey.newcomer = Newcomer(PROVIDER, HEAD, email)
    journey.introduce(email, journey.stranger().signs_in(email, PASSWORD))


def _fill_the_vault(journey: Journey, head: Actor) -> None:
    now = journey.site.now
    upload = receive_upload(NewUpload("policies.pdf", pdf()), actor=head, now=now)
    for kind in (BY_CODE[code] for code in HELD):
        said = Particulars(
            kind.code,
            journey.day(-30),
            journey.day(335),
            "TS 1" if kind.number is Need.REQUIRED else "",
            1_000_000_000 if kind.is_insurance else None,
            upload_id=upload.pk,
        )
        add_evidence(said, establishment_ids=(), actor=head, now=now)


def it_chooses_all_of_them_for_two_categories(journey: Journey) -> None:
    visitor = journey.provider().clicks("Your applications").clicks("Start").looks()
    visitor.clicks("Select all that are shown").sees("12 of 12 shown, 12 selected").looks()
    visitor.ticks(DAY, RESIDENTIAL).sends()
    visitor.sees("12 establishments for SEN day and SEN residential", "0 of 24 parts are ready")
    visitor.looks("twelve-schools")


def it_passes_stage_one_once_for_all(journey: Journey) -> None:
    visitor = _application(journey).clicks("Exclusion grounds")
    visitor.ticks("None of these applies to us").sends().clicks("Registration")
    visitor.sees("This answer counts for SEN day and SEN residential, for all 12 establishments")
    visitor.looks().picks(passes="yes").sends()
    visitor.sees("Inspection result").picks(passes="yes").sends()


def it_answers_each_question_once(journey: Journey) -> None:
    visitor = _application(journey).clicks("Financial standing")
    visitor.sees("Add what is missing", "Missing at").looks()
    while visitor.page.locator("[name=passes]").count():
        visitor.picks(passes="yes").sends()
    while visitor.page.locator("textarea[name=text]").count():
        visitor.fills(text=COMMON).sends()
    _application(journey).sees("Evidence missing", "0 of 24 done")


def it_adds_the_evidence_that_is_missing(journey: Journey) -> None:
    visitor = _application(journey).clicks("Financial standing")
    visitor.clicks(f"Add: {BY_CODE['accounts'].name}")
    adds_to_vault(journey, visitor, BY_CODE["accounts"])
    journey.site.settle()
    _application(journey).does_not_see("Evidence missing")


def one_school_answers_differently(journey: Journey) -> None:
    visitor = _application(journey).clicks("Workforce").keeps(text=COMMON)
    visitor.clicks("Answer differently for one establishment").looks()
    visitor.picks(establishment=_value_of(visitor, DIFFERENT)).sends()
    visitor.sees(f"This answer counts for {DIFFERENT} alone").looks().fills(text=OWN).sends()
    visitor.sees("for 11 of your 12 establishments", "Answered differently", DIFFERENT).looks()
    _application(journey).sees("1 differs")


def _value_of(visitor: Visitor, school: str) -> str:
    option = visitor.page.locator("option", has_text=school).first
    return str(option.get_attribute("value"))


def it_states_most_costs_by_spreadsheet(journey: Journey) -> None:
    """All but the day places of two schools, whose sheets it takes out."""
    visitor = _application(journey).clicks("Fill in the costs of all with one spreadsheet").looks()
    href = visitor.page.get_by_role("link", name="24 sheets").get_attribute("href")
    answer = visitor.page.request.get(f"{journey.site.address}{href}")
    filled = _filled(answer.body(), "£1,234.50")
    visitor.sends_along(file=("costs.xlsx", _filled(answer.body(), "-5"))).sends()
    visitor.sees("Row 7, Yearly amount: “-5” is not an amount").looks()
    visitor.sends_along(file=("costs.xlsx", filled)).sends()
    visitor.sees("Nothing is saved yet", "£1,234.50 a year").does_not_see(f"{TYPED}: {DAY}")
    visitor.looks("spreadsheet").sends().sees("Core costs of 22 parts saved", "22 of 24")


def _filled(content: bytes, first: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        if sheet.cell(1, 2).value in (TYPED, COPIED) and sheet.cell(2, 2).value == DAY:
            book.remove(sheet)
        else:
            _fill(sheet, first)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Worksheet, first: str) -> None:
    sheet.cell(FIRST_ROW, YEARLY).value = first
    boards = sheet.cell(2, 2).value == RESIDENTIAL
    for number in range(1, HEADS + (TERMLY if boards else 0)):
        sheet.cell(FIRST_ROW + number, YEARLY).value = 4_000 + number


def it_types_and_copies_the_others(journey: Journey) -> None:
    visitor = _application(journey).clicks(f"Missing {TYPED}, {DAY}: Core costs")
    for box in visitor.page.locator("input[name^=amount_]").all():
        box.fill("£4,321.50")
    visitor.clicks("Work out the totals").sees("£38,893.50 a year").looks()
    visitor.clicks("Save and continue")
    visitor.clicks(f"Missing {COPIED}, {DAY}: Core costs")
    visitor.picks(source=_value_of(visitor, TYPED)).clicks("Copy and save")
    visitor.sees("Costs copied and saved").clicks("Save and continue")
    visitor.sees("24 of 24 parts are ready to send").looks("ready-to-send")


def it_sends_everything_at_once(journey: Journey) -> None:
    visitor = _application(journey).clicks("Check and send").looks()
    visitor.sees("1 establishment is answered differently", "Maple Tansley School: SEN residential")
    visitor.ticks("I have the right to apply").sends()
    visitor.sees("Application sent", *(f"{school}: {DAY}" for school in SCHOOLS)).looks()
    journey.site.settle()
    visitor.clicks("See where the application stands").sees("24 sent").looks()


def the_officer_sees_one_piece_of_work(journey: Journey) -> None:
    visitor = journey.person(OFFICER).clicks("Applications").looks().clicks(PROVIDER)
    visitor.sees(*SCHOOLS, "Ask people to grade").looks("twelve-at-work")


def _application(journey: Journey) -> Visitor:
    return journey.provider().clicks("Your applications").clicks("Application 1")
