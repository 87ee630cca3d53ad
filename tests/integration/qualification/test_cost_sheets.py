"""Core costs by spreadsheet: what is downloaded comes back the same, what is wrong is named."""

import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dps.actors import REGION_ID, system
from dps.models import Account
from dps.money import Basis
from dps.tenancy.identity import acting_as
from qualification.core_costs import CostEntry, Driver
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
FIRST = 7
WEEK, MONTH, YEAR, DRIVER = 4, 5, 6, 7
ALL = tuple(
    CostEntry(code, pence, basis, Driver.OTHER)
    for code, pence, basis in (
        ("assessment", 0, Basis.YEAR),
        ("premises", 1_234_50, Basis.WEEK),
        ("vehicles", 10_01, Basis.MONTH),
        ("supplies", 9_999_999_99, Basis.YEAR),
        ("education", 1, Basis.WEEK),
        ("central", 5_00, Basis.YEAR),
        ("core_staffing", 6_00, Basis.YEAR),
        ("staff_related", 7_00, Basis.YEAR),
        ("children", 8_00, Basis.YEAR),
    )
)


@pytest.fixture
def oak(region, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    return make_applying(region)


@pytest.fixture
def sign_in(client):
    def as_actor(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return as_actor


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(words.split()).replace("&quot;", '"')


def page(name, joining_id):
    return reverse(f"qualification:{name}", args=[joining_id])


def download(client, application):
    response = client.get(page("cost_sheets_download", application.joining_id))
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content))


def filled(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client, application, content, name="costs.xlsx"):
    sent = SimpleUploadedFile(name, content)
    return client.post(page("cost_sheets", application.joining_id), {"file": sent})


def save(client, application, previewed):
    read = re.search(r'name="read" value="([^"]+)"', previewed.content.decode())[1]
    return client.post(page("cost_sheets_save", application.joining_id), {"read": read})


def test_what_is_downloaded_has_numbers_in_its_cells_and_comes_back_the_same(oak, sign_in):
    application = oak.start()
    oak.put(application, *ALL)
    client = sign_in(oak.head)
    book = download(client, application)
    (sheet,) = book.worksheets

    answer = upload(client, application, filled(book))

    assert (sheet.cell(8, WEEK).value, sheet.cell(8, WEEK).data_type) == (1234.5, "n")
    assert sheet.cell(8, DRIVER).value == "Other"
    assert answer.status_code == 200
    assert "Nothing: what the spreadsheet says is saved already" in text_of(answer)


def test_what_it_changes_is_shown_before_anything_is_saved(oak, sign_in):
    application = oak.start()
    oak.put(application, *ALL)
    client = sign_in(oak.head)
    book = download(client, application)
    sheet = book.worksheets[0]
    sheet.cell(8, WEEK).value = "£1,300.50"
    sheet.cell(9, MONTH).value = None
    sheet.cell(10, DRIVER).value = "energy"

    previewed = upload(client, application, filled(book))

    shown = text_of(previewed)
    assert "Premises £1,234.50 a week, other £1,300.50 a week, other" in shown
    assert "Vehicles £10.01 a month, other Not given" in shown
    assert "£9,999,999.99 a year, other £9,999,999.99 a year, energy" in shown
    assert oak.contents(application).entries == ALL

    saved = save(client, application, previewed)

    assert saved.headers["Location"] == page("joining", application.joining_id)
    entries = {each.code: each for each in oak.contents(application).entries}
    assert entries["premises"].amount_pence == 1_300_50
    assert entries["supplies"].driver is Driver.ENERGY
    assert "vehicles" not in entries


@pytest.mark.parametrize(
    ("column", "typed", "words"),
    [
        (WEEK, "1e9", "Row 8, Weekly amount: “1e9” is not an amount"),
        (WEEK, "NaN", "Row 8, Weekly amount: “NaN” is not an amount"),
        (MONTH, "-5", "Row 8, Monthly amount: “-5” is not an amount"),
        (MONTH, -5, "Row 8, Monthly amount: “-5” is not an amount"),
        (YEAR, "١٢٣", "Row 8, Yearly amount: “١٢٣” is not an amount"),
        (YEAR, "1,2,3", "Row 8, Yearly amount: “1,2,3” is not an amount"),
        (YEAR, 1.005, "Row 8, Yearly amount: “1.005” is not an amount"),
        (YEAR, True, "Row 8, Yearly amount: “True” is not an amount"),
        (YEAR, NOON.replace(tzinfo=None), "Row 8, Yearly amount: “2026-11-02 12:00:00” is not"),
        (YEAR, 10**9, "“1000000000” is not possible. The amount must be £9,999,999.99 or less"),
        (WEEK, "=1+1", "Row 8, Weekly amount: there is a formula. Enter the amount itself"),
        (YEAR, "<script>", "“&lt;script&gt;” is not an amount"),
        (DRIVER, "luck", "Row 8, What moves it: “luck” is none of Pay, Premises, Energy"),
        (1, "cellar", "Row 8, Code: “cellar” is no line of this schedule"),
        (1, None, "Row 8, Code: it is empty, but there is something in the row"),
        (1, "vehicles", "Row 9, Code: “vehicles” is there twice"),
        (MONTH, 5, "Row 8: there is more than one amount"),
    ],
)
def test_each_bad_cell_is_named_and_nothing_is_lost(oak, sign_in, column, typed, words):
    application = oak.start()
    oak.put(application, *ALL)
    client = sign_in(oak.head)
    book = download(client, application)
    if column in (WEEK, YEAR):
        book.worksheets[0].cell(8, WEEK).value = None
    book.worksheets[0].cell(8, column).value = typed

    refused = upload(client, application, filled(book))

    assert refused.status_code == 400
    assert words in re.sub(r"<[^>]+>", "", refused.content.decode())
    assert oak.contents(application).entries == ALL


def test_every_problem_is_told_at_once_with_its_sheet(oak, sign_in):
    oak.start(establishment=oak.another_establishment("Annexe").id)
    application = oak.start()
    client = sign_in(oak.head)
    book = download(client, application)
    for number, sheet in enumerate(book.worksheets):
        sheet.cell(FIRST + number, WEEK).value = "ten"
    book.worksheets[0].delete_rows(15)

    shown = text_of(upload(client, application, filled(book)))

    assert "Sheet “Annexe SEN day”. Row 7, Weekly amount: “ten” is not an amount" in shown
    assert "Sheet “Oak Trust School SEN day”. Row 8, Weekly amount: “ten”" in shown
    assert "Sheet “Annexe SEN day”. The row of “General core costs related to children” is" in shown


def test_amounts_as_people_and_spreadsheets_write_them_are_read(oak, sign_in):
    application = oak.start()
    client = sign_in(oak.head)
    book = download(client, application)
    sheet = book.worksheets[0]
    typed = ("£1,234.50", " 1234.5 ", 1234.5, 1234, 0.1 + 0.2, "0", 0, "£0.01", "1,234")
    for number, amount in enumerate(typed):
        sheet.cell(FIRST + number, YEAR).value = amount

    save(client, application, upload(client, application, filled(book)))

    amounts = [each.amount_pence for each in oak.contents(application).entries]
    assert amounts == [1_234_50, 1_234_50, 1_234_50, 1_234_00, 30, 0, 0, 1, 1_234_00]


def test_names_that_begin_like_formulas_stay_words(oak, sign_in):
    place = oak.another_establishment("=HYPERLINK(1)")
    application = oak.start(establishment=place.id)

    book = download(sign_in(oak.head), application)

    cell = book.worksheets[0].cell(1, 2)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)


def test_sheets_of_others_and_of_what_was_sent_are_refused(oak, sign_in):
    rival = make_applying(oak.region, "Rival Trust")
    theirs, mine = rival.start(), oak.start()
    foreign = filled(download(sign_in(rival.head), theirs))
    client = sign_in(oak.head)

    refused = upload(client, mine, foreign)

    assert refused.status_code == 400
    assert "its reference is of no draft in this application" in text_of(refused)
    assert client.get(page("cost_sheets", theirs.joining_id)).status_code == 404
    assert client.get(page("cost_sheets_download", theirs.joining_id)).status_code == 404
    assert client.post(page("cost_sheets_save", theirs.joining_id), {}).status_code == 404


def test_what_was_looked_at_cannot_be_changed_on_the_way(oak, sign_in):
    application = oak.start()
    other = make_applying(oak.region, "Rival Trust").start()
    client = sign_in(oak.head)
    book = download(client, application)
    book.worksheets[0].cell(8, WEEK).value = 5
    previewed = upload(client, application, filled(book)).content.decode()
    read = re.search(r'name="read" value="([^"]+)"', previewed)[1]
    swapped = "A" if read[20] != "A" else "B"

    for joining_id, sent in (
        (application.joining_id, read[:20] + swapped + read[21:]),
        (application.joining_id, ""),
    ):
        response = client.post(page("cost_sheets_save", joining_id), {"read": sent})
        assert response.status_code == 400
    assert (
        client.post(page("cost_sheets_save", other.joining_id), {"read": read}).status_code == 404
    )
    assert oak.contents(application).entries == ()


def test_costs_that_a_colleague_changed_since_are_not_lost(oak, sign_in):
    first = oak.start()
    second = oak.start(establishment=oak.another_establishment("Annexe").id)
    client = sign_in(oak.head)
    book = download(client, first)
    for sheet in book.worksheets:
        sheet.cell(8, WEEK).value = 5
    previewed = upload(client, first, filled(book))
    oak.put(second, ALL[5], actor=oak.writer)

    refused = save(client, first, previewed)

    assert refused.status_code == 409
    assert "Somebody has changed the costs of Annexe since you looked" in text_of(refused)
    assert oak.contents(first).entries == ()
    assert oak.contents(second).entries == (ALL[5],)


def _bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("[Content_Types].xml", "<Types/>")
        box.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return out.getvalue()


def _too_many_rows():
    book = openpyxl.Workbook()
    for number in range(500):
        book.active.append([number])
    return filled(book)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The selected file is empty"),
        (b"code,amount\npremises,5\n", "must be a PDF, Word, Excel"),
        (b"%PDF-1.4\n%%EOF", "The file must be an Excel workbook (.xlsx)"),
        (b"PK\x03\x04 broken", "The file is damaged"),
        (b"0" * 1_100_000, "The spreadsheet must be 1 MB or smaller"),
        (_bomb(), "There is too much inside this file"),
        (_too_many_rows(), "There is more in this workbook than in ours"),
    ],
    ids=["empty", "csv", "pdf", "broken", "large", "bomb", "rows"],
)
def test_hostile_files_are_refused_at_the_field(oak, sign_in, content, words):
    application = oak.start()

    refused = upload(sign_in(oak.head), application, content)

    assert refused.status_code == 400
    assert words in text_of(refused)
    with acting_as(BOSS):
        assert oak.contents(application).entries == ()


def test_without_a_file_it_asks_for_one(oak, sign_in):
    application = oak.start()

    refused = sign_in(oak.head).post(page("cost_sheets", application.joining_id), {})

    assert (refused.status_code, "Select a spreadsheet" in text_of(refused)) == (400, True)
