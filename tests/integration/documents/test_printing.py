"""What strangers write ends up in PDFs: it reaches no network, no file and no worker's minutes."""

import contextlib
import io
import tempfile
import time
from pathlib import Path

import pypdf
import pytest
from weasyprint.urls import URLFetcher

from dps.documents import DocumentNotMade, printing
from dps.documents.printing import LONGEST_HTML, break_long_runs, print_pdf
from dps.documents.render import FetchesNothing, pdf_of

PAYLOADS = {
    "image": '<img src="http://{address}/img">',
    "file image": '<img src="file://{file}">',
    "object": '<object data="http://{address}/object"></object>',
    "embed": '<embed src="http://{address}/embed">',
    "frame": '<iframe src="file://{file}"></iframe>',
    "style sheet": '<link rel="stylesheet" href="http://{address}/css">',
    "import": '<style>@import url("http://{address}/import");</style>',
    "font": '<style>@font-face {{ font-family: x; src: url("http://{address}/font") }}'
    " p {{ font-family: x }}</style><p>x</p>",
    "background": '<p style="background: url(http://{address}/background)">x</p>',
    "list mark": '<ul style="list-style-image: url(http://{address}/mark)"><li>x</li></ul>',
    "content": '<style>p::before {{ content: url("http://{address}/content") }}</style><p>x</p>',
    "attachment": '<link rel="attachment" href="file://{file}">',
    "attached anchor": '<a rel="attachment" href="file://{file}">x</a>',
    "svg image": '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="9" height="9"><image xlink:href="http://{address}/svg" width="9" height="9"/></svg>',
    "svg use": '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="9" height="9"><use xlink:href="http://{address}/use#x"/></svg>',
    "base": '<base href="http://{address}/"><img src="relative">',
    "svg in data": '<img src="data:image/svg+xml,'
    "%3Csvg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='9'"
    " height='9'%3E%3Cimage xlink:href='http://{address}/data' width='9' height='9'/%3E"
    '%3C/svg%3E">',
}
REACH_OUT = 12
"""How many of the seventeen do harm with the library's own fetcher."""


def page(body: str) -> str:
    return f'<!DOCTYPE html><html lang="en"><title>Letter</title><body><h1>Letter</h1>{body}</body>'


def everything_in(pdf: bytes) -> bytes:
    """All streams of a PDF, unpacked, and the text of its pages."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    parts = [page.extract_text().encode() for page in reader.pages]
    for number in range(1, len(reader.xref.get(0, {})) + 1):
        found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        if isinstance(found, pypdf.generic.StreamObject):
            parts.append(found.get_data())
    return pdf + b"\n".join(parts)


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_payload_reaches_the_network_or_a_file(name, canary):
    body = PAYLOADS[name].format(address=canary.address, file=canary.file)

    pdf = print_pdf(page(body))

    assert (canary.hits, canary.secret.encode() in everything_in(pdf)) == ([], False)


def printed(name, canary):
    return print_pdf(page(PAYLOADS[name].format(address=canary.address, file=canary.file)))


@pytest.mark.off_switch("renderer-fetches-nothing")
def test_nothing_is_fetched_from_the_network(canary):
    printed("image", canary)

    assert canary.hits == []


@pytest.mark.off_switch("renderer-fetches-nothing")
def test_no_file_is_attached(canary):
    assert canary.secret.encode() not in everything_in(printed("attached anchor", canary))


def test_with_the_librarys_own_fetcher_most_payloads_get_through(canary, monkeypatch):
    """They are payloads, and not merely markup."""
    monkeypatch.setattr(FetchesNothing, "fetch", URLFetcher.fetch)

    harmful = [name for name in PAYLOADS if gets_through(PAYLOADS[name], canary)]

    assert len(PAYLOADS) == 17
    assert len(harmful) >= REACH_OUT


def gets_through(payload, canary):
    canary.hits.clear()
    pdf = pdf_of(page(payload.format(address=canary.address, file=canary.file)))
    return bool(canary.hits) or canary.secret.encode() in everything_in(pdf)


@contextlib.contextmanager
def confessing(expression):
    """The renderer, with its laying out replaced by what it knows of itself."""
    program = printing.RENDER.read_text()
    laying_out = "    pdf: bytes = HTML("
    assert program.count(laying_out) == 1
    said = f"    return b'%PDF-' + repr({expression}).encode()\n"
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        other = Path(folder) / "render.py"
        other.write_text(program.replace(laying_out, said + laying_out))
        patch.setattr(printing, "RENDER", other)
        yield


LIMITS = "[resource.getrlimit(getattr(resource, 'RLIMIT_' + n))[0] for n in ('CPU', 'AS', 'FSIZE')]"


@pytest.mark.off_switch("renderer-limited")
def test_the_renderer_has_seconds_a_gigabyte_and_no_large_file():
    with confessing(LIMITS):
        assert print_pdf(page("x")) == b"%PDF-[8, 1073741824, 16777216]"


@pytest.mark.off_switch("renderer-limited")
def test_whoever_wants_more_memory_ends_without_a_document():
    with confessing("len(bytearray(2 * 1024**3))"), pytest.raises(DocumentNotMade):
        print_pdf(page("x"))


@pytest.mark.off_switch("renderer-without-secrets")
def test_the_renderer_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary-words-of-the-environment")

    with confessing("dict(__import__('os').environ)"):
        assert b"canary" not in print_pdf(page("x"))


def crashing(folder, times):
    """What stands in for the expression: counts itself in a folder, and crashes some times."""
    return (
        f"(n := len(__import__('os').listdir({str(folder)!r})), "
        f"open({str(folder)!r} + f'/{{n}}', 'x').close(), "
        f"n < {times} and __import__('os').kill(__import__('os').getpid(), 11))"
    )


@pytest.mark.off_switch("print-again-after-a-crash")
def test_a_library_that_crashes_once_does_not_cost_the_letter(tmp_path):
    letter = b""

    with confessing(crashing(tmp_path, times=1)), contextlib.suppress(DocumentNotMade):
        letter = print_pdf(page("x"))

    assert letter.startswith(b"%PDF-")


def test_a_library_that_always_crashes_is_not_tried_for_ever(tmp_path):
    with confessing(crashing(tmp_path, times=9)), pytest.raises(DocumentNotMade, match="-11"):
        print_pdf(page("x"))

    assert len(list(tmp_path.iterdir())) == 2


WORST = {
    "one word": "<p>" + "a" * 190_000 + "</p>",
    "no-break spaces": "<p>" + "a\u00a0" * 90_000 + "</p>",
    "entities": "<p>" + "&lt;" * 45_000 + "</p>",
    "table": "<table>" + "<tr><td>a<td>b</tr>" * 9_000 + "</table>",
    "nested": "<div>" * 35_000,
    "huge font": "<p style='font-size: 10000000px'>a</p>",
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_texts_are_printed_or_given_up_in_time(name):
    began = time.monotonic()

    with contextlib.suppress(DocumentNotMade):
        print_pdf(page(WORST[name]))

    assert time.monotonic() - began < 12


@pytest.mark.off_switch("longest-text")
def test_a_text_that_is_too_long_is_not_even_tried():
    with pytest.raises(DocumentNotMade, match="at most 200000"):
        print_pdf("a" * (LONGEST_HTML + 1))


def test_the_same_text_gives_the_same_bytes():
    prints = {print_pdf(page("<p>Dear provider</p>")) for _ in range(3)}

    assert len(prints) == 1


def test_the_print_is_tagged_for_screen_readers():
    reader = pypdf.PdfReader(io.BytesIO(print_pdf(page("<p>Dear provider</p>"))))

    assert (reader.metadata.title, reader.root_object["/MarkInfo"]["/Marked"]) == ("Letter", True)
    assert reader.root_object["/Lang"] == "en"


def test_long_runs_may_break_and_tags_and_entities_stay_whole():
    link = '<a href="' + "h" * 300 + '">'

    broken = break_long_runs(f"{link}{'&amp;' * 201}</a> {'b' * 399}")

    assert broken == f"{link}{'&amp;' * 200}\u200b&amp;</a> {'b' * 200}\u200b{'b' * 199}"
