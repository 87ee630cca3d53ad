"""What a file is, told by its content; each hostile one is refused in words that help."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from contextlib import suppress

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dps.documents.examining import examine
from dps.documents.file_checks import FileKind, check_file
from dps.documents.file_names import LONGEST_NAME, MOST_BYTES_OF_NAME, clean_name
from dps.documents.file_refusals import FileRefused, TooMuchInside
from tests.factories.files import (
    HOSTILE,
    NAMES,
    Hostile,
    docx,
    pdf,
    pdf_that_acts,
    photo_with_secrets,
    picture,
    relations,
    xlsx,
)

ENDINGS = [kind.ending for kind in FileKind]


def refusal_of(name: str, content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        examine(check_file(name, content).kind, content)
    return caught.value


@pytest.mark.parametrize("file", HOSTILE, ids=[file.what for file in HOSTILE])
def test_a_hostile_file_is_refused_at_its_field(file: Hostile) -> None:
    refusal = refusal_of(file.name, file.content())

    assert refusal.message.startswith(file.said)
    assert (refusal.status, refusal.field) == (400, "file")
    assert len(refusal.message) < 200


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("policy.pdf", pdf(), FileKind.PDF),
        ("locked for changes.pdf", pdf(owner_password="insurer"), FileKind.PDF),
        ("scan.png", picture(), FileKind.PNG),
        ("scan.jpg", picture("JPEG"), FileKind.JPEG),
        ("policy.docx", docx(), FileKind.DOCX),
        ("costs.xlsx", xlsx(), FileKind.XLSX),
        ("not packed.docx", docx(packing=zipfile.ZIP_STORED), FileKind.DOCX),
        (
            "with a link.docx",
            docx(
                {
                    "word/_rels/document.xml.rels": relations(
                        ("hyperlink", "https://www.gov.uk/", True),
                        ("image", "media/logo.png", False),
                    ),
                    "word/media/logo.png": picture(),
                    "word/": "",
                }
            ),
            FileKind.DOCX,
        ),
    ],
)
def test_an_honest_file_is_taken(name: str, content: bytes, kind: FileKind) -> None:
    checked = check_file(name, content)

    assert (checked.kind, checked.name) == (kind, name)
    assert examine(kind, content)


def test_a_pdf_that_opens_at_a_page_is_taken() -> None:
    content = pdf_that_acts(OpenAction=pypdf.generic.DictionaryObject())

    assert examine(FileKind.PDF, content) == content


def test_the_name_of_a_file_decides_nothing() -> None:
    assert check_file("certificate.docx", picture()).name == "certificate.png"
    assert check_file("picture.png", pdf()).kind is FileKind.PDF


def test_a_picture_is_drawn_anew_upright_and_without_what_was_hidden_in_it() -> None:
    sent = photo_with_secrets()

    kept = examine(FileKind.JPEG, sent)

    drawn = Image.open(io.BytesIO(kept))
    assert (drawn.size, drawn.mode, len(drawn.getexif())) == ((40, 60), "RGB", 0)
    assert b"home of a child" in sent
    assert b"<script>" in sent
    assert b"home of a child" not in kept
    assert b"<script>" not in kept


@pytest.mark.parametrize(
    ("mode", "kept"),
    [("1", "L"), ("L", "L"), ("P", "RGB"), ("RGBA", "RGBA"), ("LA", "LA"), ("I;16", "L")],
)
def test_every_kind_of_png_is_kept_as_a_plain_one(mode: str, kept: str) -> None:
    out = io.BytesIO()
    Image.new("L", (6, 4), 128).convert(mode).save(out, format="PNG")

    drawn = Image.open(io.BytesIO(examine(FileKind.PNG, out.getvalue())))

    assert (drawn.mode, drawn.size) == (kept, (6, 4))


def test_a_picture_in_print_colours_is_taken() -> None:
    drawn = Image.open(io.BytesIO(examine(FileKind.JPEG, picture("JPEG", mode="CMYK"))))

    assert drawn.mode == "RGB"


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dps.documents.examining.SECONDS", 0.01)

    with pytest.raises(TooMuchInside):
        examine(FileKind.PDF, pdf())


@pytest.mark.parametrize(("name", "cleaned"), NAMES)
def test_a_name_is_made_fit_to_show_and_to_save(name: str, cleaned: str) -> None:
    assert clean_name(name, ".pdf") == cleaned


@given(st.text(max_size=400), st.sampled_from(ENDINGS))
def test_a_cleaned_name_is_safe_whatever_was_sent(name: str, ending: str) -> None:
    cleaned = clean_name(name, ending)

    assert len(ending) < len(cleaned) <= LONGEST_NAME
    assert len(cleaned.encode()) <= MOST_BYTES_OF_NAME
    assert cleaned.endswith(ending)
    assert not set(cleaned) & set('/\\<>:"|?*')
    assert all(unicodedata.category(char)[0] != "C" for char in cleaned)
    assert cleaned == cleaned.strip(" .")


@given(st.text(max_size=400), st.sampled_from(ENDINGS))
def test_cleaning_a_cleaned_name_changes_nothing(name: str, ending: str) -> None:
    once = clean_name(name, ending)

    assert clean_name(once, ending) == once


@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff"]))
def test_no_bytes_whatever_are_more_than_refused(content: bytes, start: bytes) -> None:
    with suppress(FileRefused):
        check_file("a.pdf", start + content)
