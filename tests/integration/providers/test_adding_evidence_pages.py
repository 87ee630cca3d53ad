"""Adding evidence through its page: each file at its field, and nothing typed is lost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from dps.actors import Role
from dps.documents.file_refusals import MOST_BYTES
from tests.factories.evidence import (
    insurance,
    make_evidence,
    make_upload,
    policy,
)
from tests.factories.files import HOSTILE, NAMES, Hostile, docx
from tests.factories.kernel import make_person
from tests.factories.providers import make_administrator, make_establishment, make_provider
from tests.integration.providers.vault import (
    FAR,
    LIABILITY,
    TYPED,
    add_page,
    address,
    errors,
    file,
    hidden_file,
    kept,
    scan_all,
    uploads,
)


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


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda file: file.what)
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
