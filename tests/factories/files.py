"""Files that people send, honest and hostile, made on the spot."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pypdf
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

# In two halves, or a scanner on a developer's machine would take this module away.
EICAR = b"".join((b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"))
OFFICE = "application/vnd.openxmlformats-officedocument"
WORD_MAIN = f"{OFFICE}.wordprocessingml.document.main+xml"
EXCEL_MAIN = f"{OFFICE}.spreadsheetml.sheet.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MEGABYTE = 1024 * 1024
SCRIPT = TextStringObject("app.alert(1)")


def pdf(*, password: str = "", owner_password: str = "", pages: int = 1) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password or owner_password:
        writer.encrypt(password, owner_password or password, algorithm="AES-256")
    return _written(writer)


def pdf_with_a_file() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("setup.exe", b"MZ\x90\x00")
    return _written(writer)


def pdf_that_acts(**entries: DictionaryObject) -> bytes:
    """A PDF whose root has more entries, by their names without the slash."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    for name, entry in entries.items():
        writer._root_object[NameObject(f"/{name}")] = entry
    return _written(writer)


def action(kind: str, following: DictionaryObject | None = None) -> DictionaryObject:
    does = DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/JS"): SCRIPT})
    if following is not None:
        does[NameObject("/Next")] = following
    return does


def named(kind: str) -> DictionaryObject:
    return DictionaryObject({NameObject(kind): DictionaryObject()})


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 200 if mode == "L" else "#cc3311").save(out, format=kind)
    return out.getvalue()


def photo_with_secrets() -> bytes:
    """A JPEG that lies on its side, says where it was taken, and has a page behind it."""
    photo = Image.new("RGB", (60, 40), "#3366cc")
    exif = photo.getexif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at the home of a child"
    out = io.BytesIO()
    photo.save(out, format="JPEG", exif=exif)
    return out.getvalue() + b"<script>alert(1)</script>"


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of one colour, a few kilobytes for any number of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packing = zlib.compressobj(9)
    line = b"\x00" * (1 + (width + 7) // 8)
    data = b"".join(packing.compress(line) for _ in range(height)) + packing.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def relations(*items: tuple[str, str, bool]) -> str:
    """Relations of (kind, target, whether it lies outside the file)."""
    where = {True: "External", False: "Internal"}
    each = "".join(
        f'<Relationship Id="r{number}" Type="{TYPES}/{kind}" Target="{target}"'
        f' TargetMode="{where[outside]}"/>'
        for number, (kind, target, outside) in enumerate(items)
    )
    return f'<Relationships xmlns="{RELATIONS}">{each}</Relationships>'


def content_types(main: str = WORD_MAIN, part: str = "/word/document.xml") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="{part}" ContentType="{main}"/></Types>'
    )


def packed(parts: dict[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def docx(
    more: dict[str, bytes | str] | None = None,
    *,
    main: str = WORD_MAIN,
    packing: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A Word document of one empty page, and more parts or other ones."""
    usual: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(main),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", False)),
        "word/document.xml": "<document><body><p>Policy</p></body></document>",
    }
    return packed(usual | (more or {}), packing)


def xlsx(more: dict[str, bytes | str] | None = None) -> bytes:
    usual: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(EXCEL_MAIN, "/xl/workbook.xml"),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": "<workbook/>",
        "xl/worksheets/sheet1.xml": "<worksheet/>",
        "xl/printerSettings/printerSettings1.bin": b"\x01\x00printer",
    }
    return packed(usual | (more or {}))


def lying(content: bytes, *, member: str, declared: int, everywhere: bool = False) -> bytes:
    """The same zip, whose directory (and, if asked, whose part) declares another size."""
    changed = bytearray(content)
    for mark, size_at, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        if mark == b"PK\x03\x04" and not everywhere:
            continue
        at = content.find(mark)
        while at >= 0:
            if content[at + name_at :].startswith(member.encode()):
                changed[at + size_at : at + size_at + 4] = struct.pack("<I", declared)
            at = content.find(mark, at + 4)
    return bytes(changed)


def encrypted_zip() -> bytes:
    """Marks every part as protected by a password."""
    changed = bytearray(docx())
    for mark, flags_at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + flags_at] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


ENTITIES = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><document>&e;</document>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    "<document>&c;</document>"
)
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"<!DOCTYPE html><html><body><script>alert(document.cookie)</script></body></html>"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
APPLE_PHOTO = b"\0\0\0\x18ftypheic" + b"\0" * 99
LOCKED_WORD = OLD_WORD + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 100


@dataclass(frozen=True)
class Hostile:
    """A file, its name, and how the message at its field begins."""

    what: str
    name: str
    content: Callable[[], bytes]
    said: str


MACROS = "The file has macros or programs in it"
DAMAGED = "The file is damaged or not complete"
INSIDE = "The file has other files inside it"
LOADS = "The file fetches something from another place"
TOO_MUCH = "There is too much inside this file"
PASSWORD = "The file is protected by a password"
PIXELS = "The picture must have 40 megapixels or fewer"
ELSE_INSIDE = "The file must be a PDF, Word, Excel, PNG or JPEG file. This one is something else"
WEB_PAGE = "This is a web page or a drawing"

HOSTILE = (
    Hostile("empty", "policy.pdf", lambda: b"", "The selected file is empty"),
    Hostile("only a name of a kind", "policy.pdf", lambda: b"policy", ELSE_INSIDE),
    Hostile("no bytes but zeros", "policy.pdf", lambda: b"\x00" * 4096, ELSE_INSIDE),
    Hostile("a start of a PDF alone", "policy.pdf", lambda: b"%PDF-1.7\n", DAMAGED),
    Hostile("a PDF without pages", "policy.pdf", lambda: pdf(pages=0), DAMAGED),
    Hostile("a PDF of rubbish", "a.pdf", lambda: b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF", DAMAGED),
    Hostile("a PDF cut off", "policy.pdf", lambda: pdf()[:-200], DAMAGED),
    Hostile("a PDF behind a password", "policy.pdf", lambda: pdf(password="secret"), PASSWORD),
    Hostile(
        "a PDF that starts a program",
        "policy.pdf",
        lambda: pdf_that_acts(OpenAction=action("/Launch")),
        MACROS,
    ),
    Hostile(
        "a PDF with a script behind a harmless step",
        "policy.pdf",
        lambda: pdf_that_acts(OpenAction=action("/GoTo", action("/JavaScript"))),
        MACROS,
    ),
    Hostile(
        "a PDF with a script for when it is closed",
        "policy.pdf",
        lambda: pdf_that_acts(AA=DictionaryObject({NameObject("/WC"): action("/JavaScript")})),
        MACROS,
    ),
    Hostile(
        "a PDF with named scripts",
        "policy.pdf",
        lambda: pdf_that_acts(Names=named("/JavaScript")),
        MACROS,
    ),
    Hostile("a PDF with a program attached", "policy.pdf", pdf_with_a_file, INSIDE),
    Hostile("PDF and zip in one", "p.pdf", lambda: pdf() + docx(), "This file is two kinds"),
    Hostile("too large", "p.pdf", lambda: pdf() + b"x" * 10 * MEGABYTE, "The file must be 10 MB"),
    Hostile("HTML as PDF", "policy.pdf", lambda: HTML, WEB_PAGE),
    Hostile("HTML in 16 bits", "p.pdf", lambda: HTML.decode().encode("utf-16"), WEB_PAGE),
    Hostile("SVG", "logo.svg", lambda: SVG, WEB_PAGE),
    Hostile("SVG as PNG", "logo.png", lambda: SVG, WEB_PAGE),
    Hostile("a program", "policy.pdf", lambda: b"MZ\x90\x00" + b"\x00" * 200, "This is a program"),
    Hostile("a shell script", "policy.pdf", lambda: b"#!/bin/sh\nrm -rf /", "This is a program"),
    Hostile("the antivirus test file", "policy.pdf", lambda: EICAR, ELSE_INSIDE),
    Hostile("an old Word file", "policy.doc", lambda: OLD_WORD, "This is a Word, Excel or Outlook"),
    Hostile("a Word file behind a password", "policy.docx", lambda: LOCKED_WORD, PASSWORD),
    Hostile("an Apple photo", "a.jpg", lambda: APPLE_PHOTO, "This is a photo in the HEIC format"),
    Hostile("a picture cut off", "a.jpg", lambda: picture("JPEG", (800, 600))[:-900], DAMAGED),
    Hostile("a start of a picture alone", "a.png", lambda: picture()[:20], DAMAGED),
    Hostile("more than 40 megapixels", "a.jpg", lambda: picture("JPEG", (8000, 5001), "L"), PIXELS),
    Hostile("a picture bomb", "a.png", lambda: png_bomb(20_000, 20_000), PIXELS),
    Hostile("a zip", "all.zip", lambda: packed({"policy.pdf": pdf()}), "This is a ZIP folder"),
    Hostile("a zip with the test file", "a", lambda: packed({"a": EICAR}), "This is a ZIP"),
    Hostile("a slide show", "a.docx", lambda: docx(main="application/x-slides"), "This is neither"),
    Hostile("a document cut off", "policy.docx", lambda: docx()[:-10], DAMAGED),
    Hostile("a document with a tail", "policy.docx", lambda: docx() + HTML, DAMAGED),
    Hostile("a document in a document", "a.docx", lambda: docx({"word/a.docx": docx()}), INSIDE),
    Hostile("a zip named as a picture", "a.docx", lambda: docx({"word/a.png": docx()}), INSIDE),
    Hostile("a program inside", "a.docx", lambda: docx({"word/a.bin": b"MZ\x90\x00"}), INSIDE),
    Hostile("a script inside", "a.docx", lambda: docx({"word/a.vbs": b"MsgBox 1"}), INSIDE),
    Hostile("an old object inside", "a.xlsx", lambda: xlsx({"xl/o.bin": OLD_WORD}), INSIDE),
    Hostile(
        "macros renamed",
        "policy.docx",
        lambda: docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        MACROS,
    ),
    Hostile(
        "macros spelt in entities",
        "policy.docx",
        lambda: docx(main="application/vnd.ms-word.document.&#109;acroEnabled.main+xml"),
        MACROS,
    ),
    Hostile("macros inside", "a.docx", lambda: docx({"word/vbaProject.bin": OLD_WORD}), MACROS),
    Hostile(
        "a template from elsewhere",
        "policy.docx",
        lambda: docx(
            {
                "word/_rels/settings.xml.rels": relations(
                    ("attachedTemplate", "http://evil.example/t.dotm", True)
                )
            }
        ),
        LOADS,
    ),
    Hostile(
        "figures from elsewhere",
        "costs.xlsx",
        lambda: xlsx({"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
        LOADS,
    ),
    Hostile("entities of its own", "a.docx", lambda: docx({"word/document.xml": ENTITIES}), LOADS),
    Hostile(
        "entities in 16 bits",
        "a.docx",
        lambda: docx({"word/document.xml": ENTITIES.encode("utf-16")}),
        LOADS,
    ),
    Hostile("a billion laughs", "a.docx", lambda: docx({"word/document.xml": LAUGHS}), LOADS),
    Hostile("broken XML", "a.docx", lambda: docx({"word/document.xml": "<a><b></a>"}), DAMAGED),
    Hostile(
        "a bomb that says so",
        "a.docx",
        lambda: lying(docx(), member="word/document.xml", declared=1024 * MEGABYTE),
        TOO_MUCH,
    ),
    Hostile(
        "a bomb that lies",
        "a.docx",
        lambda: lying(
            docx({"word/a.png": b"\x00" * 60 * MEGABYTE}),
            member="word/a.png",
            declared=1000,
            everywhere=True,
        ),
        TOO_MUCH,
    ),
    Hostile(
        "a size that lies a little",
        "a.docx",
        lambda: lying(docx(), member="word/document.xml", declared=5),
        DAMAGED,
    ),
    Hostile(
        "too many parts",
        "a.docx",
        lambda: docx({f"word/media/{number}.png": b"x" for number in range(200)}),
        TOO_MUCH,
    ),
    Hostile("a way out of the folder", "a.docx", lambda: docx({"../../a.xml": "<a/>"}), DAMAGED),
    Hostile(
        "parts packed in a rare way",
        "a.docx",
        lambda: docx(packing=zipfile.ZIP_BZIP2),
        DAMAGED,
    ),
    Hostile("parts behind a password", "a.docx", encrypted_zip, PASSWORD),
)
NAMES = (
    ("../../etc/passwd", "passwd.pdf"),
    ("C:\\Users\\head\\policy.pdf", "policy.pdf"),
    ("policy\x00\x07.pdf", "policy.pdf"),
    ("policy\u202efdp.exe", "policyfdp.pdf"),
    ("a" * 300 + ".pdf", "a" * 96 + ".pdf"),
    ("policy.pdf.exe", "policy.pdf"),
    ("  .hidden. ", "hidden.pdf"),
    ("CON.pdf", "CON file.pdf"),
    ("<b>|*?.pdf", "b.pdf"),
    ("", "document.pdf"),
    ("Schutzkonzept für Größe.pdf", "Schutzkonzept für Größe.pdf"),
    ("Policy v2.1 (final).pdf", "Policy v2.1 (final).pdf"),
)
