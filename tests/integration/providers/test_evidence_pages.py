"""The vault through its pages: nothing typed is lost, and no file is served before it is clean."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dps.actors import REGION_ID, Role, system
from dps.documents.file_refusals import MOST_BYTES
from dps.models import Upload
from dps.outbox import relay
from dps.tenancy.identity import acting_as
from dps.waiting import sections_for
from providers.models import Evidence
from providers.services.evidence import add_evidence
from tests.factories.evidence import (
    SYSTEM,
    in_days,
    insurance,
    make_evidence,
    make_upload,
    policy,
)
from tests.factories.files import EICAR, HOSTILE, NAMES, Hostile, docx, pdf
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import make_administrator, make_establishment, make_provider

BOSS = system(REGION_ID)
LATER = NOON + timedelta(days=400)
TYPED = {
    "held_for": "all",
    "number": "PL 77",
    "sum_insured": "£10,000,000",
    "issued_on_day": "1",
    "issued_on_month": "9",
    "issued_on_year": "2025",
    "expires_on_day": "31",
    "expires_on_month": "8",
    "expires_on_year": "2099",
}
LIABILITY = "public_liability"
# Pages go by the clock on the wall.
FAR = date(2099, 8, 31)
# Each kind of refusal once: the whole corpus is in tests/unit/test_files_people_send.py.
AT_THE_FIELD = {
    "empty",
    "a PDF behind a password",
    "too large",
    "HTML as PDF",
    "SVG",
    "the antivirus test file",
    "a picture cut off",
    "more than 40 megapixels",
    "a zip with the test file",
    "macros renamed",
    "entities of its own",
    "a bomb that says so",
    "a bomb that lies",
}


def address(name, *args):
    return reverse(f"providers:{name}", args=args)


def add_page(kind=LIABILITY):
    return address("add_evidence", kind)


def file(content=None, name="certificate.pdf"):
    return SimpleUploadedFile(name, pdf() if content is None else content, "application/pdf")


def errors(response):
    return {name: list(words) for name, words in response.context["form"].errors.items()}


def kept():
    with acting_as(SYSTEM):
        return list(Evidence.objects.select_related("upload").order_by("id"))


def uploads(**facts):
    with acting_as(SYSTEM):
        return Upload.objects.filter(**facts).count()


def scan_all():
    for job_id in relay.lease(REGION_ID, now=LATER):
        relay.run(REGION_ID, job_id, now=LATER)


def waiting_for(actor):
    with acting_as(actor):
        sections = {each.heading: each for each in sections_for(actor, NOON)}
    return [item.text for item in sections["Your establishments"].items]


def hidden_file(response):
    return re.search(r'name="kept"(?: value="([^"]*)")?', response.content.decode())[1]


def test_a_certificate_is_added_for_the_whole_organisation(administrator, mine, signed_in):
    done = signed_in(administrator).post(add_page(), TYPED | {"file": file()}, follow=True)

    (piece,) = kept()
    assert done.redirect_chain == [(address("vault"), 302)]
    assert "Public liability insurance: added. We are checking" in done.content.decode()
    assert (piece.establishment_id, piece.number, piece.sum_insured_pence) == (
        None,
        "PL 77",
        1_000_000_000,
    )
    assert (piece.upload.name, piece.upload.state) == ("certificate.pdf", "quarantined")
    assert "Being checked" in done.content.decode()
    scan_all()
    page = signed_in(administrator).get(address("evidence_detail", piece.pk)).content.decode()
    assert f'href="{reverse("upload", args=[piece.upload_id])}"' in page


def test_one_certificate_for_some_establishments(administrator, provider, mine, signed_in):
    second = make_establishment("Our Second School", provider=provider)
    some = {"held_for": "some", "establishments": [str(mine.pk), str(second.pk)]}

    signed_in(administrator).post(add_page(), TYPED | some | {"file": file()})

    pieces = kept()
    assert {piece.establishment_id for piece in pieces} == {mine.pk, second.pk}
    assert len({piece.upload_id for piece in pieces}) == 1


@pytest.mark.parametrize(
    "hostile", [file for file in HOSTILE if file.what in AT_THE_FIELD], ids=lambda file: file.what
)
def test_a_hostile_file_is_refused_at_its_field_and_nothing_typed_is_lost(
    administrator, mine, signed_in, hostile: Hostile
):
    sent = file(hostile.content(), hostile.name)

    response = signed_in(administrator).post(add_page(), TYPED | {"file": sent})

    page = response.content.decode()
    assert (response.status_code, list(errors(response))) == (400, ["file"])
    assert errors(response)["file"][0].startswith(hostile.said)
    assert 'href="#id_file"' in page
    assert 'value="PL 77"' in page
    assert 'value="£10,000,000"' in page
    assert 'value="2099"' in page
    assert (kept(), uploads()) == ([], 0)


@pytest.mark.parametrize(("name", "cleaned"), [pair for pair in NAMES if pair[0]])
def test_a_name_that_deceives_is_put_right(administrator, mine, signed_in, name, cleaned):
    signed_in(administrator).post(add_page(), TYPED | {"file": file(name=name)})

    assert kept()[0].upload.name == cleaned


def test_a_good_file_is_kept_while_another_field_is_put_right(administrator, mine, signed_in):
    browser = signed_in(administrator)
    wrong = browser.post(add_page(), TYPED | {"number": "", "file": file()})
    before = (wrong.status_code, errors(wrong), kept(), uploads())

    done = browser.post(add_page(), TYPED | {"kept": hidden_file(wrong)}, follow=True)

    assert before == (400, {"number": ["Enter the policy number"]}, [], 1)
    assert "We have kept your document “certificate.pdf”" in wrong.content.decode()
    assert done.status_code == 200
    assert ([piece.number for piece in kept()], uploads()) == (["PL 77"], 1)


def test_another_file_takes_the_place_of_the_one_kept(administrator, mine, signed_in):
    browser = signed_in(administrator)
    wrong = browser.post(add_page(), TYPED | {"number": "", "file": file()})
    typed = TYPED | {"kept": hidden_file(wrong)}

    refused = browser.post(add_page(), typed | {"file": file(b"no document")})
    browser.post(add_page(), typed | {"file": file(docx(), "better.docx")})

    assert list(errors(refused)) == ["file"]
    assert hidden_file(refused) == hidden_file(wrong)
    assert [piece.upload.name for piece in kept()] == ["better.docx"]


@pytest.mark.parametrize("whose", ["nobody’s", "somebody else’s", "a colleague’s", "no id", "bad"])
def test_a_file_that_is_not_ones_own_is_not_kept(administrator, provider, mine, signed_in, whose):
    ids = {
        "nobody’s": uuid4(),
        "no id": "../../etc/passwd",
        "somebody else’s": make_upload(make_administrator(make_provider("Rival Ltd"))).pk,
        "a colleague’s": make_upload(make_person(Role.BID_WRITER, provider_id=provider.pk)).pk,
        "bad": make_upload(administrator, "refused").pk,
    }

    response = signed_in(administrator).post(add_page(), TYPED | {"kept": str(ids[whose])})

    assert (response.status_code, errors(response)) == (400, {"file": ["Select the document"]})
    assert (hidden_file(response), kept()) == (None, [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"held_for": ""}, ("held_for", "Select who it is for")),
        ({"held_for": "some"}, ("establishments", "Select the establishments that it is for")),
        (
            {"held_for": "some", "establishments": str(uuid4())},
            ("establishments", "Select one of the answers given"),
        ),
        ({"number": ""}, ("number", "Enter the policy number")),
        ({"number": "\u0007"}, ("number", "This contains a character that cannot be used")),
        ({"number": "x" * 61}, ("number", "Policy number must be 60 characters or fewer")),
        ({"sum_insured": ""}, ("sum_insured", "Enter the sum insured")),
        ({"sum_insured": "lots"}, ("sum_insured", "Sum insured must be an amount in pounds")),
        ({"sum_insured": "0"}, ("sum_insured", "Sum insured must be £0.01 or more")),
        ({"issued_on_year": "2098"}, ("issued_on", "Valid from must be within 3 months")),
        ({"expires_on_year": "2020"}, ("expires_on", "This has expired. Enter the one")),
        (
            {"expires_on_day": "31", "expires_on_month": "2"},
            ("expires_on", "Last day on which it is valid must be a real date"),
        ),
        (
            {"issued_on_day": "", "issued_on_month": "", "issued_on_year": ""},
            ("issued_on", "Enter the date from which it is valid"),
        ),
        ({"file": None}, ("file", "Select the document")),
    ],
)
def test_what_cannot_be_right_keeps_what_was_typed(administrator, mine, signed_in, change, said):
    field, words = said
    typed = {k: v for k, v in (TYPED | {"file": file()} | change).items() if v is not None}

    response = signed_in(administrator).post(add_page(), typed)

    assert (response.status_code, list(errors(response))) == (400, [field])
    assert errors(response)[field][0].startswith(words)
    assert "Error: " in response.content.decode()
    assert kept() == []


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (
            LIABILITY,
            "held_for establishments number sum_insured issued_on expires_on file kept",
        ),
        ("safeguarding", "held_for establishments issued_on expires_on file kept"),
        ("data_protection", "number issued_on expires_on file kept"),
        ("registration", "establishments number issued_on file kept"),
        ("accounts", "issued_on file kept"),
        ("references", "held_for establishments issued_on file kept"),
        ("other", "held_for establishments title issued_on expires_on file kept"),
    ],
)
def test_a_form_asks_only_what_its_kind_needs(administrator, mine, signed_in, kind, fields):
    response = signed_in(administrator).get(add_page(kind))

    assert list(response.context["form"].fields) == fields.split()
    assert 'enctype="multipart/form-data"' in response.content.decode()


def test_a_number_is_enough_for_a_registration_of_data_protection(administrator, mine, signed_in):
    typed = {k: v for k, v in TYPED.items() if "_on_" in k} | {"number": "ZA123456"}

    signed_in(administrator).post(add_page("data_protection"), typed)

    (piece,) = kept()
    assert (piece.number, piece.upload_id) == ("ZA123456", None)


def test_there_is_no_page_for_an_unknown_kind(administrator, signed_in):
    browser = signed_in(administrator)
    asked = [browser.get(add_page("nothing")), browser.post(add_page("nothing"))]

    assert [response.status_code for response in asked] == [404, 404]


def test_a_link_about_one_establishment_ticks_it(administrator, mine, signed_in):
    browser = signed_in(administrator)
    chosen = browser.get(f"{address('choose_kind')}?for={mine.pk}").content.decode()
    page = browser.get(f"{add_page()}?for={mine.pk}").content.decode()
    strangers = browser.get(f"{add_page()}?for={uuid4()}").content.decode()

    assert f'href="{add_page()}?for={mine.pk}"' in chosen
    assert re.search(rf'value="{mine.pk}" checked', page)
    assert "checked" not in strangers


def test_what_can_be_added_says_for_how_many_it_is_held(administrator, provider, mine, signed_in):
    make_establishment("Our Second School", provider=provider)
    make_evidence(administrator, insurance(administrator, expires_on=FAR), mine.pk)
    make_evidence(administrator, insurance(administrator, kind="accounts"))
    make_evidence(administrator, policy(administrator, expires_on=FAR))

    page = signed_in(administrator).get(address("choose_kind"))

    tasks = {task["text"]: task["status"] for g in page.context["groups"] for task in g["tasks"]}
    assert tasks["Public liability insurance"] == "Held for 1 of 2"
    assert tasks["Accounts for the last financial year"] == "Held"
    assert tasks["Safeguarding policy"].startswith("Held until ")
    assert tasks["Motor insurance"] == "Not held"


def test_a_piece_is_replaced_and_the_old_one_is_history(administrator, mine, signed_in):
    old = make_evidence(administrator)
    browser = signed_in(administrator)
    page = address("replace_evidence", old.pk)
    first = browser.get(page)

    done = browser.post(page, TYPED | {"number": "PL 78", "file": file()}, follow=True)

    gone, new = kept()
    assert 'value="PL 1"' in first.content.decode()
    assert "replaces" not in first.context["form"].fields
    assert (gone.replaced_by_id, new.number) == (new.pk, "PL 78")
    assert done.redirect_chain == [(address("evidence_detail", new.pk), 302)]
    assert [row[1] for row in done.context["history"]] == ["PL 78", "PL 1"]
    older = browser.get(address("evidence_detail", old.pk)).content.decode()
    assert "A newer one has taken its place" in older
    assert address("replace_evidence", old.pk) not in older


def test_replacing_asks_for_which_of_several(administrator, provider, mine, signed_in):
    second = make_establishment("Our Second School", provider=provider)
    with acting_as(administrator):
        both = add_evidence(
            insurance(administrator),
            establishment_ids=[mine.pk, second.pk],
            actor=administrator,
            now=NOON,
        )
    page = address("replace_evidence", both[0].pk)
    browser = signed_in(administrator)
    shown = browser.get(page).content.decode()

    none = browser.post(page, TYPED | {"file": file()})
    browser.post(page, TYPED | {"replaces": str(both[1].pk), "file": file()})

    assert len(re.findall(r'name="replaces" type="checkbox" value="[^"]*" checked', shown)) == 2
    assert errors(none) == {"replaces": ["Select at least one"]}
    assert [piece.is_replaced for piece in kept()] == [False, True, False]


def test_taking_back_asks_why(administrator, mine, signed_in):
    piece = make_evidence(administrator)
    browser = signed_in(administrator)
    page = address("withdraw_evidence", piece.pk)

    silent = browser.post(page, {"reason": " "})
    done = browser.post(page, {"reason": "Added for the wrong school"}, follow=True)
    again = browser.post(page, {"reason": "Again"})

    assert errors(silent) == {"reason": ["Enter why you take it back"]}
    assert "taken back. It counts no more." in done.content.decode()
    assert (again.status_code, list(errors(again))) == (409, ["__all__"])
    detail = browser.get(address("evidence_detail", piece.pk)).content.decode()
    assert "Added for the wrong school" in detail
    assert kept()[0].is_withdrawn


def test_a_refused_file_says_so_and_counts_as_missing(administrator, mine, signed_in):
    infected = file(docx({"word/media/image1.png": EICAR}), "policy.docx")
    browser = signed_in(administrator)
    browser.post(add_page(), TYPED | {"file": infected})
    scan_all()

    (piece,) = kept()
    detail = browser.get(address("evidence_detail", piece.pk)).content.decode()
    assert (piece.upload.state, uploads(state="clean")) == ("refused", 0)
    assert "Document refused" in browser.get(address("vault")).content.decode()
    assert "The virus scanner found “Eicar-Test-Signature” in it." in detail
    assert browser.get(reverse("upload", args=[piece.upload_id])).status_code == 410
    assert "Send the document again: Public liability insurance" in waiting_for(administrator)


def test_the_start_page_says_what_runs_out_and_what_several_lack(
    administrator, provider, mine, signed_in
):
    second = make_establishment("Our Second School", provider=provider)
    make_evidence(administrator, insurance(administrator, expires_on=in_days(20)))
    driving = insurance(administrator, kind="motor", expires_on=in_days(30))
    make_evidence(administrator, driving, mine.pk, second.pk)
    make_evidence(administrator, policy(administrator, expires_on=in_days(-1)), mine.pk)

    assert waiting_for(administrator)[:4] == [
        "Safeguarding policy of Our School has expired",
        "Public liability insurance of your whole organisation expires on 22 November 2026",
        "Motor insurance of 2 establishments expires on 2 December 2026",
        "Add the employers’ liability insurance: 2 establishments have none",
    ]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, {"1", "2", "4"}),
        ({"kind": "motor"}, {"2"}),
        ({"establishment": "all"}, {"2", "4"}),
        ({"state": "expires_soon"}, {"2"}),
        ({"state": "replaced"}, {"3"}),
        ({"state": "valid", "establishment": "all"}, {"4"}),
    ],
)
def test_the_list_is_filtered(administrator, mine, signed_in, query, numbers):
    soon = timezone.now().date() + timedelta(days=10)
    for number, changes, places in (
        ("1", {}, [mine.pk]),
        ("2", {"kind": "motor", "expires_on": soon}, []),
        ("3", {}, []),
        ("4", {}, []),
    ):
        said = insurance(administrator, **({"number": number, "expires_on": FAR} | changes))
        make_evidence(administrator, said, *places)
    _, _, third, fourth = kept()
    with acting_as(SYSTEM):
        Evidence.objects.filter(pk=third.pk).update(replaced_by=fourth, replaced_at=NOON)

    page = signed_in(administrator).get(address("vault"), query)

    with acting_as(administrator):
        assert {row.record.number for row in page.context["table"].rows} == numbers


@pytest.mark.parametrize("query", [{"state": "nothing"}, {"establishment": "x"}, {"kind": "x"}])
def test_a_filter_that_is_none_says_so(administrator, signed_in, query):
    response = signed_in(administrator).get(address("vault"), query)

    assert (response.status_code, list(errors(response))) == (400, list(query))


def test_the_list_takes_as_many_queries_for_forty_establishments_as_for_one(
    administrator, provider, signed_in, django_assert_max_num_queries
):
    places = [make_establishment(f"School {n}", provider=provider).pk for n in range(40)]
    with acting_as(administrator):
        for said in (insurance(administrator), policy(administrator)):
            add_evidence(said, establishment_ids=places, actor=administrator, now=NOON)
    browser = signed_in(administrator)

    for page in (address("vault"), address("choose_kind"), add_page(), address("mine")):
        browser.get(page)
        with django_assert_max_num_queries(16):  # 12, and those of session and identity
            browser.get(page)
    assert browser.get(address("vault")).context["table"].paginator.count == 80


@pytest.mark.parametrize("name", ["evidence_detail", "replace_evidence", "withdraw_evidence"])
def test_anothers_piece_is_not_there(administrator, signed_in, name):
    piece = make_evidence(administrator)
    rival = make_administrator(make_provider("Rival Ltd"))
    page = address(name, piece.pk)
    browser = signed_in(rival)

    assert browser.get(page).status_code == 404
    answers = TYPED | {"file": file(), "reason": "Mine now"}
    assert browser.post(page, answers).status_code in (404, 405)
    assert [each.is_replaced or each.is_withdrawn for each in kept()] == [False]


def test_who_has_no_vault(officer, commissioner, signed_in):
    for actor in (officer, commissioner):
        assert [
            signed_in(actor).get(page).status_code
            for page in (address("vault"), address("choose_kind"), add_page())
        ] == [403, 403, 403]


def test_the_contract_team_reads_the_evidence_of_an_establishment_with_its_files(
    administrator, mine, officer, commissioner, signed_in
):
    piece = make_evidence(administrator, insurance(administrator, expires_on=FAR))
    page = address("establishment", mine.pk)
    link = reverse("upload", args=[piece.upload_id])

    def told(actor):
        return signed_in(actor).get(page).content.decode()

    assert "Public liability insurance (whole organisation)" in told(officer)
    assert [link in told(who) for who in (officer, administrator, commissioner)] == [
        True,
        True,
        False,
    ]
    assert signed_in(officer).get(link).content == pdf()


def test_a_page_of_one_establishment_shows_what_counts_for_it(administrator, mine, signed_in):
    make_evidence(administrator)

    page = signed_in(administrator).get(address("evidence", mine.pk)).content.decode()

    assert "Public liability insurance (whole organisation)" in page
    assert "Employers’ liability insurance: no certificate added" in page


@pytest.mark.off_switch("bodies-limited")
def test_a_body_too_large_is_refused_before_it_is_read(administrator, mine, signed_in):
    browser = signed_in(administrator)

    ordinary = browser.post(address("places", mine.pk), {"places": "1", "x": "y" * 2_200_000})
    upload = browser.post(add_page(), TYPED | {"file": file(b"%PDF-" + b"x" * 26 * 1024 * 1024)})
    at_the_field = browser.post(add_page(), TYPED | {"file": file(b"%PDF-" + b"x" * MOST_BYTES)})

    assert [one.status_code for one in (ordinary, upload, at_the_field)] == [400, 400, 400]
    assert "larger than 2 megabytes" in ordinary.content.decode()
    assert "larger than 25 megabytes" in upload.content.decode()
    assert errors(at_the_field)["file"][0].startswith("The file must be 10 MB or smaller. Yours is")


@pytest.mark.parametrize(("scanner", "is_said"), [("", True), ("tcp://clamav:3310", False)])
def test_the_pages_say_which_scanner_is_running(
    administrator, mine, signed_in, settings, scanner, is_said
):
    settings.CLAMAV_ADDRESS = scanner
    browser = signed_in(administrator)

    for page in (address("vault"), add_page()):
        said = "A stand-in checks files" in browser.get(page).content.decode()
        assert said is is_said
